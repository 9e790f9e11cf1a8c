import { drawFigure } from '#shared/figures/draw-figure.ts';
import type { DrawRequest } from '#shared/figures/drawn-figure.ts';
import type { FigureKind } from '#shared/figures/figure-kinds.ts';
import type { AxisScale, Figure } from '#shared/figures/figure.ts';
import type { PaperOptions } from '#shared/figures/paper.ts';
import type { PaperFigure } from '#shared/figures/paper-figure.ts';
import type { FigureDesk } from './figure-desk.ts';
import type { FigureAnswer, FigureQuestion, FigureSubject } from './messages.ts';
import { paintFigure } from './paint-figure.ts';
import { receiveView } from './sent-view.ts';
import type { HeldBands } from './sent-view.ts';
import type { ChartPixels, ViewOfFigure } from './view-of-figure.ts';

/** A figure as files. */
export interface FigureFiles {
  svg(options: PaperOptions): Promise<Blob>;
  csv(): Promise<Blob>;
}

/** A figure as a chart needs it: drawn for a view of it, and made into files. */
export interface FigureSource extends FigureFiles {
  readonly id: string;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  draw(request: DrawRequest, pixels: ChartPixels): Promise<ViewOfFigure>;
}

/** Of a figure that draws itself, without a worker. */
export function paperFiles(figure: PaperFigure): FigureFiles {
  return {
    svg: async (options) => new Blob([figure.svg(options)], { type: 'image/svg+xml' }),
    csv: async () => new Blob([...figure.csv()], { type: 'text/csv' }),
  };
}

/** A figure that is at hand, such as of one run. */
export function sourceOf(desk: FigureDesk, figure: Figure): FigureSource {
  return {
    ...filesOf(desk, { figure }),
    id: figure.id,
    xScale: figure.x.scale,
    yScale: figure.y.scale,
    draw: async (request, pixels) => paintFigure(drawFigure(figure, request), request, pixels),
  };
}

/** A figure of the open study, made where its series are. */
export function studySource(desk: FigureDesk, kind: FigureKind): FigureSource {
  let held: HeldBands = new Map();
  return {
    ...filesOf(desk, { kind }),
    id: kind.id,
    xScale: 'linear',
    yScale: kind.scale,
    draw: async (request, pixels) => {
      // Two charts may ask at once: each answer is of what was held when it was asked for.
      const before = held;
      const question = { type: 'draw', subject: { kind }, request, pixels } as const;
      const answer = await desk.ask({ ...question, held: new Set(before.keys()) });
      if (!('view' in answer)) throw new TypeError('The figure was not drawn.');
      const received = receiveView(answer.view, before);
      held = received.held;
      return received.view;
    },
  };
}

function filesOf(desk: FigureDesk, subject: FigureSubject): FigureFiles {
  const file = async (question: FigureQuestion): Promise<Blob> => {
    const answer: FigureAnswer = await desk.ask(question);
    if (!('file' in answer)) throw new TypeError('The figure was not made into a file.');
    return answer.file;
  };
  return {
    svg: (options) => file({ type: 'svg', subject, options }),
    csv: () => file({ type: 'csv', subject }),
  };
}
