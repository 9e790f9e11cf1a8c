import type { DrawnFigure } from '#shared/figures/drawn-figure.ts';

/** The picture a chart has on the page, in pixels, and the dots that one of them has. */
export interface ChartPixels {
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly dotsAPixel: number;
}

/** An ImageBitmap, as far as those need it who have no page. */
export interface PaintedImage {
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** Curves as one picture of their plot, with a margin for lines along its edges. */
export interface Painted {
  readonly image: PaintedImage;
  /** Dots, on each side. */
  readonly margin: number;
}

/** A figure thinned for its view; its curves as a picture where they are many. */
export interface ViewOfFigure {
  readonly drawn: DrawnFigure;
  /** Then the curves have no points of their own. */
  readonly painted: Painted | null;
}
