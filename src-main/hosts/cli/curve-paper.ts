import { figureCsvParts } from '#shared/figures/figure-csv.ts';
import { figureSvg } from '#shared/figures/figure-svg.ts';
import type { Figure } from '#shared/figures/figure.ts';
import type { PaperFigure } from '#shared/figures/paper-figure.ts';

/** A figure of curves, on the axes it has of itself. */
export function curvePaper(figure: Figure): PaperFigure {
  return {
    id: figure.id,
    title: figure.title,
    legend: [],
    svg: (paper) => figureSvg(figure, { ...paper, xScale: figure.x.scale, yScale: figure.y.scale }),
    csv: () => figureCsvParts(figure),
  };
}
