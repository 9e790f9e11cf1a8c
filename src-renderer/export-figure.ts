import type { PaperOptions } from '#shared/figures/paper.ts';
import type { FigureFiles } from './figures/figure-source.ts';
import { savePicture, saveTable } from './save-picture.ts';
import type { PictureFormat } from './save-picture.ts';

/** What to save of a figure; the table may come along in the same go. */
export interface FigureExport {
  readonly format: PictureFormat;
  readonly table: boolean;
  readonly paper: PaperOptions;
}

/** Saves a figure as files: the picture for a column of this width, always light, and the table of its numbers. */
export async function exportFigure(
  source: FigureFiles,
  name: string,
  { format, table, paper }: FigureExport,
): Promise<void> {
  await savePicture(await source.svg(paper), name, format);
  if (table) saveTable(await source.csv(), name);
}
