import type { Picture } from '#shared/figures/drawn-figure.ts';

/** A picture of dots as the drawing library takes it. */
export function densityCanvas({ width, height, dots }: Picture): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(dots, width, height), 0, 0);
  return canvas;
}
