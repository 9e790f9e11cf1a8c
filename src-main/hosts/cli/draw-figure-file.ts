import path from 'node:path';
import type { Resvg } from '@resvg/resvg-js';
import type { PaperFigure } from '#shared/figures/paper-figure.ts';
import { linearScales, paperOptions } from '#shared/figures/paper.ts';
import { withDensity } from '#shared/figures/png-density.ts';
import { paperSize } from '#shared/figures/svg-markup.ts';
import { problem } from '#shared/models/problem.ts';

const dotsPerInch = 600;
/** Shipped, so that a figure is the same on every machine, also on one without fonts. Its licence lies beside it. */
const font = { family: 'DejaVu Sans', file: 'DejaVuSans.ttf' };

export interface FigureFileOptions {
  readonly format: 'svg' | 'png';
  /** Millimetres. */
  readonly width: number;
  readonly height?: number;
}

/** A figure as the content of a file. @throws bad-argument when the size cannot hold a figure */
export async function drawnFigure(
  figure: PaperFigure,
  options: FigureFileOptions,
): Promise<string | Uint8Array> {
  const paper = { ...paperOptions(linearScales, options.width), height: options.height ?? null };
  const svg = (fontFamily: string): string => {
    try {
      return figure.svg({ ...paper, fontFamily });
    } catch (error) {
      if (error instanceof RangeError) throw problem('bad-argument', `${error.message}.`);
      throw error;
    }
  };
  if (options.format === 'svg') return svg(paper.fontFamily);
  const rasterizer = await loadRasterizer();
  const width = Math.round((options.width / 25.4) * dotsPerInch);
  const picture = svg(font.family);
  const image = new rasterizer.Resvg(picture, {
    fitTo: { mode: 'width', value: width },
    font: {
      fontFiles: [path.join(import.meta.dirname, '../../../assets/fonts', font.file)],
      loadSystemFonts: false,
      defaultFontFamily: font.family,
    },
  }).render();
  return withDensity(image.asPng(), (image.height / paperSize(picture).height) * 25.4);
}

async function loadRasterizer(): Promise<{ readonly Resvg: typeof Resvg }> {
  try {
    return await import('@resvg/resvg-js');
  } catch (cause) {
    throw problem(
      'bad-argument',
      `PNG needs the package @resvg/resvg-js, which is not installed here (${String(cause)}). Run npm install, or use --format svg.`,
    );
  }
}
