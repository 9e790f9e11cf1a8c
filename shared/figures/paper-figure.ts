import type { LegendEntry } from './drawn-figure.ts';
import type { PaperOptions } from './paper.ts';

/** A figure that draws itself for paper: what a dialog or a command needs to make files of it. */
export interface PaperFigure {
  /** Stable name, for files. */
  readonly id: string;
  readonly title: string;
  /** Its conditions, which can be left out of the picture. */
  readonly legend: readonly LegendEntry[];
  /** As high as is asked for, else as it needs. @throws RangeError when it is too small to hold the figure */
  svg(paper: PaperOptions): string;
  /** The table that draws it again, in parts; of every condition, whatever is shown. */
  csv(): Iterable<string>;
}
