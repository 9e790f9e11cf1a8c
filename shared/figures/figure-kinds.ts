import type { AxisScale } from './figure.ts';
import { repulsionSeries } from './repulsion-lines.ts';

/** A figure of the dashboard before there is data. */
export interface FigureKind {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly axis: string;
  readonly scale: AxisScale;
  readonly range: readonly [number, number] | null;
  readonly lines: readonly KindLine[];
  /** Where its numbers become rounding. */
  readonly rounding: Rounding | null;
  /** What decides the epochs at which its series are measured; null for every epoch. */
  readonly measuredBy: 'gram' | 'gradient' | 'repulsion' | null;
  /** The second axis. */
  readonly right: { readonly axis: string; readonly range: readonly [number, number] } | null;
}

export interface KindLine {
  readonly series: string;
  readonly label: string;
  /** main: band, single runs, median. companion: a dashed median. rank: one of several alike, median and band. */
  readonly role: 'main' | 'companion' | 'rank';
  readonly onRight: boolean;
}

export interface Rounding {
  readonly layer: 'W' | 'V';
  readonly of: 'ratio' | 'eigenvalues';
}

/** What a study measures. */
export interface Measured {
  readonly series: ReadonlySet<string>;
  /** Ridges of its repulsion probes, by name. */
  readonly ridges: readonly string[];
  /** When a costly probe is due, in words; absent where it is due at every epoch. */
  readonly schedules?: { readonly gram?: string; readonly gradient?: string };
}

const plain = {
  scale: 'linear',
  range: null,
  rounding: null,
  measuredBy: null,
  right: null,
} as const;

function line(series: string, label: string, role: KindLine['role'] = 'main', onRight = false): KindLine {
  return { series, label, role, onRight };
}

/** The dashboard's figures for what a study measures, in their order: those whose first series there is. */
export function figureKinds({ series, ridges, schedules = {} }: Measured): readonly FigureKind[] {
  const known = (name: string): boolean =>
    series.has(name) || ridges.some((ridge) => Object.values(repulsionSeries(ridge)).includes(name));
  return [
    accuracy,
    loss,
    ratio('W'),
    smoothness('W'),
    eigenvalues('W'),
    ...ridges.map(repulsion),
    rho,
    gradient,
    gradientCosines,
    ratio('V'),
    smoothness('V'),
    eigenvalues('V'),
    ...(['W', 'V'] as const).flatMap((layer) => [stepDistance(layer), effectiveRank(layer), share(layer)]),
  ]
    .filter(({ lines }) => known(lines[0].series))
    .map((kind) => ({ ...kind, lines: kind.lines.filter((each) => known(each.series)) }))
    .map((kind) => {
      const schedule =
        kind.measuredBy === 'gram' || kind.measuredBy === 'gradient' ? schedules[kind.measuredBy] : undefined;
      return schedule === undefined ? kind : { ...kind, caption: `${kind.caption} Measured ${schedule}.` };
    });
}

/** The study's figure of one claim: the ratio with its bands, when detectors fired, and whether similar features repel. Null without the ratio. */
export function headlineKind({ series, ridges }: Measured): FigureKind | null {
  const base = ratio('W');
  if (!series.has(base.lines[0].series)) return null;
  const ridge = ridges[0];
  if (ridge === undefined) return { ...base, id: 'headline', title: 'Headline' };
  return {
    ...base,
    id: 'headline',
    title: 'Headline',
    caption: `${base.caption} Diamonds, right axis: share of similar pairs that repel at the ridge "${ridge}".`,
    lines: [
      ...base.lines,
      line(repulsionSeries(ridge).similar, 'similar pairs that repel', 'companion', true),
    ],
    // All of it: on an axis that follows its data, a hundredth would look like the rise beside it.
    right: { axis: 'similar pairs that repel', range: [0, 1] },
  };
}

/** Series that figures of this kind are made of. */
export function seriesOf({ lines, rounding }: FigureKind): readonly string[] {
  const own = lines.map(({ series }) => series);
  if (rounding === null) return own;
  const sigma = (k: number): string => `spectrum.${rounding.layer}.sigma${k}`;
  return [...new Set([...own, sigma(1), sigma(2), sigma(3)])];
}

const accuracy: FigureKind = {
  ...plain,
  id: 'accuracy',
  title: 'Accuracy',
  caption: 'Full line: test. Dashed: train.',
  axis: 'accuracy',
  range: [0, 1],
  lines: [line('test.accuracy', 'test'), line('train.accuracy', 'train', 'companion')],
};

const loss: FigureKind = {
  ...plain,
  id: 'loss',
  title: 'Loss',
  caption: 'Full line: test. Dashed: train.',
  axis: 'loss',
  scale: 'log',
  lines: [line('test.loss', 'test'), line('train.loss', 'train', 'companion')],
};

const rho: FigureKind = {
  ...plain,
  id: 'rho',
  title: 'Kernel residual rho',
  caption: 'Distance of the feature kernel from aI + b11\u2032, relative to its norm.',
  axis: 'rho',
  lines: [line('gram.rho', 'rho')],
  measuredBy: 'gram',
};

const gradient: FigureKind = {
  ...plain,
  id: 'gradient',
  title: 'Feature gradient',
  caption: 'Frobenius norm of G_F.',
  axis: 'norm of G_F',
  scale: 'log',
  lines: [line('gradient.norm', 'norm of G_F')],
  measuredBy: 'gradient',
};

const gradientCosines: FigureKind = {
  ...plain,
  id: 'gradient-cosines',
  title: 'Cosines in the feature gradient',
  caption: 'Between columns of G_F over random pairs. Full line: median of |cos|. Dashed: 95th percentile.',
  axis: '|cos|',
  range: [0, 1],
  lines: [
    line('gradient.cosineMedian', 'median'),
    line('gradient.cosineP95', '95th percentile', 'companion'),
  ],
  measuredBy: 'gradient',
};

function ratio(layer: 'W' | 'V'): FigureKind {
  return {
    ...plain,
    id: `ratio23-${layer}`,
    title: `sigma2/sigma3 of ${layer}`,
    caption:
      'Ratio of eigenvalues of the Gram of the last updates. Dotted, and above the shaded bound: sigma3 is below 1e-7 sigma1, rounding and ' +
      'not signal. A smooth path of weights raises it too: see the smoothness beside it.',
    axis: `sigma2/sigma3 of ${layer}`,
    scale: 'log',
    lines: [line(`spectrum.${layer}.ratio23`, 'sigma2/sigma3')],
    rounding: { layer, of: 'ratio' },
  };
}

function eigenvalues(layer: 'W' | 'V'): FigureKind {
  return {
    ...plain,
    id: `eigenvalues-${layer}`,
    title: `Eigenvalues of ${layer}\u2019s updates`,
    caption:
      'From the top: sigma1 to sigma5 of the Gram of the last updates, medians with quartiles. Shaded: below 1e-7 sigma1, rounding of ' +
      'float32 weights.',
    axis: `sigma1 to sigma5 of ${layer}`,
    scale: 'log',
    lines: Array.from({ length: 5 }, (_, k) =>
      line(`spectrum.${layer}.sigma${k + 1}`, `sigma${k + 1}`, 'rank'),
    ),
    rounding: { layer, of: 'eigenvalues' },
  };
}

function smoothness(layer: 'W' | 'V'): FigureKind {
  return {
    ...plain,
    id: `smoothness-${layer}`,
    title: `Smoothness of ${layer}\u2019s path`,
    caption:
      'Overlap with Legendre polynomials of the eigenvectors behind sigma3 (full line) and sigma2 (dashed). Near 1, the ratio is in good ' +
      'part smoothness.',
    axis: `overlap, ${layer}`,
    range: [0, 1],
    lines: [
      line(`spectrum.${layer}.smoothness3`, 'of sigma3'),
      line(`spectrum.${layer}.smoothness2`, 'of sigma2', 'companion'),
    ],
  };
}

function repulsion(ridge: string): FigureKind {
  const { similar, random } = repulsionSeries(ridge);
  return {
    ...plain,
    id: `repulsion-${ridge}`,
    title: `Do similar features repel? Ridge ${ridge}`,
    caption:
      'Share of pairs with sgn B = -sgn cos. Full line: the most similar pairs. Three baselines: random pairs (dashed), epoch 0 (dotted), and ' +
      'the control. The sign rule of Theorem 6 is an identity and not shown.',
    axis: 'share of pairs',
    lines: [line(similar, 'similar pairs'), line(random, 'random pairs', 'companion')],
    measuredBy: 'repulsion',
  };
}

function stepDistance(layer: 'W' | 'V'): FigureKind {
  return {
    ...plain,
    id: `step-${layer}`,
    title: `Turn between steps of ${layer}`,
    caption: 'Cosine distance of consecutive updates, 1 - cos.',
    axis: `cosine distance, ${layer}`,
    scale: 'log',
    lines: [line(`spectrum.${layer}.stepCosineDistance`, 'cosine distance')],
  };
}

function effectiveRank(layer: 'W' | 'V'): FigureKind {
  return {
    ...plain,
    id: `rank-${layer}`,
    title: `Effective rank of ${layer}\u2019s updates`,
    caption: 'exp of the entropy of the shares of the eigenvalues.',
    axis: `effective rank of ${layer}`,
    lines: [line(`spectrum.${layer}.effectiveRank`, 'effective rank')],
  };
}

function share(layer: 'W' | 'V'): FigureKind {
  return {
    ...plain,
    id: `share1-${layer}`,
    title: `Share of sigma1 of ${layer}`,
    caption: 'sigma1 over the sum of all eigenvalues.',
    axis: `share of sigma1, ${layer}`,
    range: [0, 1],
    lines: [line(`spectrum.${layer}.share1`, 'share of sigma1')],
  };
}
