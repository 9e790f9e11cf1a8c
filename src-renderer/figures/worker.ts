import { drawFigure } from '#shared/figures/draw-figure.ts';
import { FigureBook } from '#shared/figures/figure-book.ts';
import { figureCsvParts } from '#shared/figures/figure-csv.ts';
import type { Figure } from '#shared/figures/figure.ts';
import type { FigureAnswer, FigureQuestion, FigureSubject, FromFigures, ToFigures } from './messages.ts';
import { paintFigure } from './paint-figure.ts';
import { ViewSender } from './sent-view.ts';

/*
 * Computes the figures of the open study beside the window's own thread: statistics from all points, what is drawn of them, files for a
 * paper.
 */

let book = new FigureBook();
const sender = new ViewSender();

function figureOf(subject: FigureSubject): Figure {
  return 'kind' in subject ? book.figure(subject.kind) : subject.figure;
}

interface Answered {
  readonly answer: FigureAnswer;
  readonly transfer: Transferable[];
}

async function answer(question: FigureQuestion): Promise<Answered> {
  const figure = figureOf(question.subject);
  switch (question.type) {
    case 'draw': {
      const { request, pixels, held } = question;
      const view = paintFigure(drawFigure(figure, request), request, pixels);
      const { sent, transfer } = sender.send(view, held);
      return { answer: { view: sent }, transfer };
    }
    case 'svg': {
      // The drawing library is needed here for files alone.
      const { figureSvg } = await import('#shared/figures/figure-svg.ts');
      return fileOf([figureSvg(figure, question.options)], 'image/svg+xml');
    }
    case 'csv':
      return fileOf([...figureCsvParts(figure)], 'text/csv');
  }
}

function fileOf(parts: readonly string[], type: string): Answered {
  return { answer: { file: new Blob([...parts], { type }) }, transfer: [] };
}

function tell(message: FromFigures, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function reply(ask: number, question: FigureQuestion): Promise<void> {
  try {
    const { answer: said, transfer } = await answer(question);
    tell({ ask, failed: null, answer: said }, transfer);
  } catch (error) {
    tell({ ask, failed: error instanceof Error ? error.message : String(error), answer: null });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToFigures>) => {
  switch (data.type) {
    case 'clear':
      book = new FigureBook();
      break;
    case 'open':
      book.open(data.study, data.runs);
      break;
    case 'rows':
      for (const { runId, first, values } of data.rows) book.setRows(runId, data.name, first, values);
      break;
    case 'bands':
      book.setBands(data.name, data.bands);
      break;
    case 'lost':
      book.dropBands(data.condition);
      break;
    case 'probes':
      book.setProbes(data.runId, data.points);
      break;
    case 'scores':
      book.setScores(data.scores);
      break;
    case 'ask':
      void reply(data.ask, data.question);
      break;
  }
});
