import { figureCsv } from '#shared/figures/figure-csv.ts';
import { figureShape, figureSvg } from '#shared/figures/figure-svg.ts';
import type { Figure } from '#shared/figures/figure.ts';
import { saveFile } from './save-file.ts';

const dotsPerInch = 600;

/** Saves a figure as a file: the picture for a column of this width, always light, or the table of its numbers. */
export async function exportFigure(
  figure: Figure,
  file: string,
  format: 'svg' | 'png' | 'csv',
  millimetres: number,
): Promise<void> {
  const name = `${file.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.${format}`;
  if (format === 'csv') saveFile(new Blob([figureCsv(figure)], { type: 'text/csv' }), name);
  else {
    const svg = new Blob([figureSvg(figure, millimetres)], { type: 'image/svg+xml' });
    saveFile(format === 'svg' ? svg : await rasterized(svg, millimetres), name);
  }
}

async function rasterized(svg: Blob, millimetres: number): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((millimetres / 25.4) * dotsPerInch);
    canvas.height = Math.round(canvas.width * figureShape);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error(`a picture of ${canvas.width} x ${canvas.height} dots could not be made`));
      }, 'image/png');
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
