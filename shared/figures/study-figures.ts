import type { ReportRun } from '../report/report.ts';
import { summarizeFires } from '../science/statistics.ts';
import type { Study } from '../models/study.ts';
import { bandOf } from './band.ts';
import type { AxisScale, Curve, EpochMarker, Figure, RunLine } from './figure.ts';

/** A run as figures need it: where it belongs, and its series as far as they are known. */
export interface FigureRun {
  readonly id: number;
  readonly condition: string;
  readonly seed: number;
  /** Index = epoch; null when the run has no such series (yet). */
  series(name: string): Float64Array | null;
}

/** A figure of the dashboard before there is data. */
export interface FigureKind {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly axis: string;
  readonly scale: AxisScale;
  readonly range: readonly [number, number] | null;
  /** The first is drawn with its band and its seeds; the others as dashed medians. */
  readonly series: readonly string[];
  /** The figure's first series is a ratio of sigma_2 and sigma_3 of this layer, which can sink into rounding. */
  readonly ratioOf: 'W' | 'V' | null;
}

const kinds: readonly FigureKind[] = [
  {
    id: 'accuracy',
    title: 'Accuracy',
    caption: 'Full line: test. Dashed: train.',
    axis: 'accuracy',
    scale: 'linear',
    range: [0, 1],
    series: ['test.accuracy', 'train.accuracy'],
    ratioOf: null,
  },
  {
    id: 'loss',
    title: 'Loss',
    caption: 'Full line: test. Dashed: train.',
    axis: 'loss',
    scale: 'log',
    range: null,
    series: ['test.loss', 'train.loss'],
    ratioOf: null,
  },
  ratioKind('W'),
  smoothnessKind('W'),
  {
    id: 'rho',
    title: 'Kernel residual rho',
    caption: 'Distance of the feature kernel from aI + b11\u2032, relative to its norm.',
    axis: 'rho',
    scale: 'linear',
    range: null,
    series: ['gram.rho'],
    ratioOf: null,
  },
  {
    id: 'gradient',
    title: 'Feature gradient',
    caption: 'Frobenius norm of G_F.',
    axis: 'norm of G_F',
    scale: 'log',
    range: null,
    series: ['gradient.norm'],
    ratioOf: null,
  },
  ratioKind('V'),
  smoothnessKind('V'),
];

function ratioKind(layer: 'W' | 'V'): FigureKind {
  return {
    id: `ratio23-${layer}`,
    title: `sigma2/sigma3 of ${layer}`,
    caption:
      `Ratio of eigenvalues of the Gram of the last updates. Dotted: sigma3 is below 1e-7 sigma1, rounding and not signal. ` +
      'A smooth path of weights raises it too: see the smoothness beside it.',
    axis: 'sigma2/sigma3',
    scale: 'log',
    range: null,
    series: [`spectrum.${layer}.ratio23`],
    ratioOf: layer,
  };
}

function smoothnessKind(layer: 'W' | 'V'): FigureKind {
  return {
    id: `smoothness-${layer}`,
    title: `Smoothness of ${layer}'s path`,
    caption:
      'Overlap with Legendre polynomials of the eigenvectors behind sigma3 (full line) and sigma2 (dashed). Near 1, the ratio is in good ' +
      'part smoothness.',
    axis: 'overlap',
    scale: 'linear',
    range: [0, 1],
    series: [`spectrum.${layer}.smoothness3`, `spectrum.${layer}.smoothness2`],
    ratioOf: null,
  };
}

/** The dashboard's figures for what a study measures, in their order. */
export function figureKinds(seriesNames: ReadonlySet<string>): readonly FigureKind[] {
  return kinds.filter((kind) => seriesNames.has(kind.series[0]));
}

/** Series that figures of this kind are made of. */
export function seriesOf(kind: FigureKind): readonly string[] {
  if (kind.ratioOf === null) return kind.series;
  return [...kind.series, `spectrum.${kind.ratioOf}.sigma1`, `spectrum.${kind.ratioOf}.sigma3`];
}

/**
 * A study's figure: per condition median and quartiles over its runs, the runs themselves, and the detectors that read the same series.
 * @param measured what the detectors say of each run, by run; runs that are missing in it were not scored yet
 */
export function studyFigure(
  kind: FigureKind,
  study: Pick<Study, 'conditions' | 'detectors'>,
  runs: readonly FigureRun[],
  measured: ReadonlyMap<number, ReportRun>,
): Figure {
  const curves = study.conditions.flatMap(({ name }, place) => {
    const own = runs.filter(({ condition }) => condition === name);
    return kind.series.flatMap((series, index) => curveOf(kind, name, place, own, series, index > 0));
  });
  // The whole of it from the start: an axis that grows with the rows would redraw every line at every row.
  const epochs = Math.max(...study.conditions.map(({ settings }) => settings.epochs));
  return {
    id: kind.id,
    title: kind.title,
    caption: kind.caption,
    x: { title: 'epoch', scale: 'linear', range: [0, epochs] },
    y: { title: kind.axis, scale: kind.scale, range: kind.range },
    curves,
    markers: markersOf(kind.series[0], study, runs, measured),
  };
}

function curveOf(
  kind: FigureKind,
  condition: string,
  place: number,
  own: readonly FigureRun[],
  series: string,
  companion: boolean,
): Curve[] {
  const runs: RunLine[] = own.flatMap((run) => {
    const values = run.series(series);
    return values && values.length > 0 ? [{ runId: run.id, seed: run.seed, values }] : [];
  });
  if (runs.length === 0) return [];
  const band = bandOf(runs.map(({ values }) => values));
  const rounding = kind.ratioOf === null ? null : roundingEpochs(kind.ratioOf, own, band.median.length);
  return [{ condition, place, series, companion, runs, band, rounding }];
}

/** Below this share of sigma_1, sigma_3 is rounding in float32 weights. See docs/science.md. */
const floor = 1e-7;

/** Epochs at which sigma_3 is below the floor in at least half of the runs, so that the median ratio is not signal. */
function roundingEpochs(layer: string, runs: readonly FigureRun[], epochs: number): boolean[] {
  const pairs = runs.flatMap((run) => {
    const sigma1 = run.series(`spectrum.${layer}.sigma1`);
    const sigma3 = run.series(`spectrum.${layer}.sigma3`);
    return sigma1 && sigma3 ? [{ sigma1, sigma3 }] : [];
  });
  return Array.from({ length: epochs }, (_, epoch) => {
    let known = 0;
    let below = 0;
    for (const { sigma1, sigma3 } of pairs) {
      const [first, third] = [sigma1[epoch], sigma3[epoch]];
      if (first === undefined || third === undefined || Number.isNaN(first) || Number.isNaN(third)) continue;
      known++;
      if (third < floor * first) below++;
    }
    return known > 0 && 2 * below >= known;
  });
}

function markersOf(
  series: string,
  study: Pick<Study, 'conditions' | 'detectors'>,
  runs: readonly FigureRun[],
  measured: ReadonlyMap<number, ReportRun>,
): EpochMarker[] {
  const detectors = Object.entries(study.detectors).filter(([, detector]) => detector.series === series);
  return study.conditions.flatMap(({ name: condition }, place) =>
    detectors.flatMap(([detector]) => {
      const fires = runs.flatMap((run) => {
        if (run.condition !== condition) return [];
        const epoch = measured.get(run.id)?.detectors[detector];
        return epoch === undefined ? [] : [epoch];
      });
      const { fired, n, median, q1, q3 } = summarizeFires(fires);
      if (median === null || q1 === null || q3 === null) return [];
      return [{ detector, condition, place, fired, n, median, q1, q3 }];
    }),
  );
}
