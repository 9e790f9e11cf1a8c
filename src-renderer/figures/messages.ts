import type { DrawRequest } from '#shared/figures/drawn-figure.ts';
import type { BookRun } from '#shared/figures/figure-book.ts';
import type { FigureKind } from '#shared/figures/figure-kinds.ts';
import type { Figure } from '#shared/figures/figure.ts';
import type { PaperOptions } from '#shared/figures/paper.ts';
import type { RepulsionPoint } from '#shared/figures/repulsion-lines.ts';
import type { ConditionBand } from '#shared/models/lab.ts';
import type { Study } from '#shared/models/study.ts';
import type { ReportRun } from '#shared/report/report.ts';
import type { ChartPixels } from './view-of-figure.ts';
import type { SentView } from './sent-view.ts';

/*
 * What the window and the worker of its figures tell each other. The worker has every point of the study's series; the window gets what is
 * drawn of them.
 */

export interface NewRows {
  readonly runId: number;
  readonly first: number;
  readonly values: Float64Array;
}

/** A figure the worker makes of its series, or one that was made elsewhere. */
export type FigureSubject = { readonly kind: FigureKind } | { readonly figure: Figure };

export type FigureQuestion =
  | {
      readonly type: 'draw';
      readonly subject: FigureSubject;
      readonly request: DrawRequest;
      readonly pixels: ChartPixels;
      /** Ids of the statistics the window has from an answer before. */
      readonly held: ReadonlySet<number>;
    }
  | { readonly type: 'svg'; readonly subject: FigureSubject; readonly options: PaperOptions }
  | { readonly type: 'csv'; readonly subject: FigureSubject };

/** Svg and csv come as files, which are handed over without a copy. */
export type FigureAnswer = { readonly view: SentView } | { readonly file: Blob };

export type ToFigures =
  /** Another study: everything of the one before is forgotten. */
  | { readonly type: 'clear' }
  | {
      readonly type: 'open';
      readonly study: Pick<Study, 'conditions' | 'detectors'>;
      readonly runs: readonly BookRun[];
    }
  | { readonly type: 'rows'; readonly name: string; readonly rows: readonly NewRows[] }
  | { readonly type: 'bands'; readonly name: string; readonly bands: readonly ConditionBand[] }
  /** Bands of this condition no longer hold. */
  | { readonly type: 'lost'; readonly condition: string }
  | { readonly type: 'probes'; readonly runId: number; readonly points: readonly RepulsionPoint[] }
  | { readonly type: 'scores'; readonly scores: readonly ReportRun[] }
  | { readonly type: 'ask'; readonly ask: number; readonly question: FigureQuestion };

export interface FromFigures {
  readonly ask: number;
  /** A sentence when it could not be answered. */
  readonly failed: string | null;
  readonly answer: FigureAnswer | null;
}
