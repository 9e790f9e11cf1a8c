import { paperHeight } from '#shared/figures/paper.ts';
import type { PaperOptions } from '#shared/figures/paper.ts';
import { withDensity } from '#shared/figures/png-density.ts';
import type { FigureSource } from './figures/figure-source.ts';
import { saveFile } from './save-file.ts';

const dotsPerInch = 600;

/** What to save of a figure; the table may come along in the same go. */
export interface FigureExport {
  readonly format: 'svg' | 'png';
  readonly table: boolean;
  readonly paper: PaperOptions;
}

/** Saves a figure as files: the picture for a column of this width, always light, and the table of its numbers. */
export async function exportFigure(
  source: FigureSource,
  name: string,
  { format, table, paper }: FigureExport,
): Promise<void> {
  const file = fileName(name);
  const svg = await source.svg(paper);
  saveFile(format === 'svg' ? svg : await rasterized(svg, paper), `${file}.${format}`);
  if (table) saveFile(await source.csv(), `${file}.csv`);
}

function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
}

/** At 600 dots an inch, with its size on paper in the file. */
async function rasterized(svg: Blob, paper: PaperOptions): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((paper.millimetres / 25.4) * dotsPerInch);
    canvas.height = Math.round((paperHeight(paper) / 25.4) * dotsPerInch);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error(`a picture of ${canvas.width} x ${canvas.height} dots could not be made`));
      }, 'image/png');
    });
    const bytes = withDensity(new Uint8Array(await png.arrayBuffer()), dotsPerInch);
    return new Blob([bytes], { type: 'image/png' });
  } finally {
    URL.revokeObjectURL(address);
  }
}
