import type { CurvesPicture } from '#shared/figures/chart-option.ts';
import type { DrawnFigure } from '#shared/figures/drawn-figure.ts';
import type { Painted } from './view-of-figure.ts';

/**
 * A painted picture of curves for the drawing library, at the values it was painted for: where an axis has moved on since, it moves along until
 * the next is there.
 */
export function pictureElement(
  { image, margin }: Painted,
  { x, y }: Pick<DrawnFigure, 'x' | 'y'>,
): CurvesPicture {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const [across, down] = [image.width - 2 * margin, image.height - 2 * margin];
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(image);
  return (box, coordinate) => {
    const [left, top] = coordinate([x.min, y.max]);
    const [right, bottom] = coordinate([x.max, y.min]);
    // Of the picture's own dots, in pixels.
    const [dotWidth, dotHeight] = [(right - left) / across, (bottom - top) / down];
    return {
      type: 'group',
      clipPath: {
        type: 'rect',
        shape: { x: box.left, y: box.top - 1, width: box.width, height: box.height + 2 },
      },
      children: [
        {
          type: 'image',
          style: {
            image: canvas,
            x: left - margin * dotWidth,
            y: top - margin * dotHeight,
            width: dotWidth * canvas.width,
            height: dotHeight * canvas.height,
          },
        },
      ],
    };
  };
}
