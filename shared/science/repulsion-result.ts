/**
 * What one repulsion probe found at one epoch. See docs/science.md, "Repulsion".
 * `cosine` is between centred feature columns; B = (G + ridge I)^-1.
 */
export interface RepulsionResult {
  readonly epoch: number;
  /** The most similar pairs, largest |cosine| first. Indices of features, first < second. */
  readonly topPairs: PairSample;
  readonly randomPairs: PairSample;
  readonly ridges: readonly RepulsionAtRidge[];
}

/** Pairs of features with their cosine, same order everywhere. */
export interface PairSample {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly cosine: Float64Array;
}

export interface RepulsionAtRidge {
  readonly ridge: Ridge;
  readonly top: PairRepulsion;
  readonly random: PairRepulsion;
  /** Largest |B_jl + S_jl / det S| relative to |B_jl| over the sampled pairs: a test of the arithmetic, never a finding. */
  readonly identityDeviation: number;
  readonly identityPairs: number;
  /** Over every off-diagonal j < l. */
  readonly offDiagonal: Histogram;
  readonly meanDiagonal: number;
}

export interface PairRepulsion {
  /** B at each pair of the sample. */
  readonly b: Float64Array;
  /** Share of pairs with sgn B = -sgn cosine. */
  readonly opposite: number;
  /** Share of the pairs with cosine > 0 that have B < 0; NaN without such pairs. */
  readonly negativeGivenPositive: number;
  readonly positivePairs: number;
  readonly medianAbsolute: number;
}

/** Counts in equal bins over [low, high]; every value counted once, the ends included. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: Float64Array;
}

/** A ridge of B = (G + ridge I)^-1, resolved to a number. */
export interface Ridge {
  /** `published` (eta), `effective` (n eta / 2), or the number as the study file writes it. */
  readonly name: string;
  readonly value: number;
  /** The condition whose weight decay was used, when this one has none (a control); null when its own. */
  readonly borrowedFrom: string | null;
}

/** Whether a ridge follows from the weight decay, and is no number of the study file. */
export function isNamedRidge({ name }: Pick<Ridge, 'name'>): boolean {
  return name === 'published' || name === 'effective';
}
