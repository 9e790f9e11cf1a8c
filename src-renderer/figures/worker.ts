import { drawFigure } from '#shared/figures/draw-figure.ts';
import { buffersOf } from '#shared/figures/drawn-figure.ts';
import { FigureBook } from '#shared/figures/figure-book.ts';
import { figureCsvParts } from '#shared/figures/figure-csv.ts';
import type { Figure } from '#shared/figures/figure.ts';
import type { FigureAnswer, FigureQuestion, FigureSubject, FromFigures, ToFigures } from './messages.ts';

/*
 * Computes the figures of the open study beside the window's own thread: statistics from all points, what is drawn of them, files for a
 * paper.
 */

let book = new FigureBook();

function figureOf(subject: FigureSubject): Figure {
  return 'kind' in subject ? book.figure(subject.kind) : subject.figure;
}

async function answer(question: FigureQuestion): Promise<FigureAnswer> {
  const figure = figureOf(question.subject);
  switch (question.type) {
    case 'draw':
      return { drawn: drawFigure(figure, question.request) };
    case 'svg': {
      // The drawing library is needed here for files alone.
      const { figureSvg } = await import('#shared/figures/figure-svg.ts');
      return { file: new Blob([figureSvg(figure, question.options)], { type: 'image/svg+xml' }) };
    }
    case 'csv':
      return { file: new Blob([...figureCsvParts(figure)], { type: 'text/csv' }) };
  }
}

function tell(message: FromFigures, transfer: ArrayBuffer[] = []): void {
  self.postMessage(message, { transfer });
}

async function reply(ask: number, question: FigureQuestion): Promise<void> {
  try {
    const said = await answer(question);
    tell({ ask, failed: null, answer: said }, 'drawn' in said ? buffersOf(said.drawn) : []);
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
