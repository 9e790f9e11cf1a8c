import type { Late } from '#shared/models/study.ts';
import type { Detector } from '#shared/science/detector.ts';

/** One plain sentence or two under each statistic: what it measures, and what it does not. See docs/science.md. */
export const explanations = {
  runs:
    'Accuracies are at the last epoch, medians over finished runs; every statistic below is over finished runs only. ' +
    'Seconds are a run on this machine, with as many runs side by side as were asked for.',
  fires:
    'The epoch at which a seed first crosses the threshold; median and quartiles are over the seeds that fired. It says ' +
    'when a series crossed, not why, and it moves with the lag, the threshold and the range.',
  intervals:
    'Epochs from one crossing to the other within one seed, over the seeds in which both fired. It is an order in time, ' +
    'not a cause.',
  crossings:
    'A control can cross a slope threshold by chance: near zero loss its steps are small and chaotic, and rounding decides which it takes. ' +
    'Which seeds cross can then differ from machine to machine, and with them the count.',
  manyCrossings:
    'That is half of them or more: where controls cross as well, this threshold does not tell a network that generalises from ' +
    'one that does not, and its fire epochs say nothing of it.',
  separation:
    'The ratio of the two late medians. It compares these two conditions over these epochs and no others.',
  smoothness:
    "Overlap of the update Gram's k-th eigenvector with the discrete Legendre polynomial P(k-1). A smooth path of weights " +
    'has overlaps near 1 whatever the network does, and its sigma2/sigma3 then scales as window^-2: where the overlaps are ' +
    'near 1, the ratio is in good part smoothness, not a number of learned directions.',
  spectrum:
    'A sigma3 below about 1e-7 sigma1 can be rounding in float32 weights: a ratio there is no signal until it was checked in float64. The peak is the largest ' +
    'of W above that floor once the window is full; where it falls after that it is a peak, not a plateau.',
  repulsion:
    'Similar pairs: the share of the pairs with the largest |cos| that have sgn B = -sgn cos, that is, do similar features ' +
    "repel? This is not the sign rule of Theorem 6: sgn B = -sgn(f_j'P f_l) is an identity, true for every F at every " +
    'epoch, and cannot rise in training. Random pairs, epoch 0 and the control are the baselines.',
  decoupled:
    "AdamW's weight decay is no part of the loss, which then has no ridge of its own: neither eta nor n eta/2 is what that decay " +
    'does here. They are choices of measurement, for comparison with coupled runs',
  identity:
    'The identity check compares Theorem 6 with an independent solve: a test of the arithmetic, never a finding.',
  published:
    'Differences are measured minus published medians. Where seeds, software or machine differ they are not errors of ' +
    'either side.',
} as const;

/**
 * What the ridge of B = (G + ridge I)^-1 stands for.
 * @param decoupled whether weight decay is no part of the loss in any condition that it is told of
 */
export function explainRidge(name: string, decoupled = false): string {
  if (decoupled && (name === 'published' || name === 'effective')) {
    return `The ${name} ridge is ${name === 'published' ? 'eta' : 'n eta/2'}. ${explanations.decoupled}.`;
  }
  if (name === 'published') {
    return (
      "The published ridge is eta. The loss is a mean over n without 1/2, so the loss's own ridge on V is n eta/2: at eta, B is " +
      'a choice of measurement, not what weight decay does.'
    );
  }
  if (name === 'effective') {
    return (
      'The effective ridge n eta/2 is the one that weight decay puts on V, the loss being a mean over n without 1/2. Where epoch ' +
      '0 and the control are as high as the trained network, the share says nothing about training.'
    );
  }
  return 'A ridge the study file gives as a number: neither eta nor the n eta/2 of the loss itself, unless it happens to equal one.';
}

/** A detector's rule in words. */
export function explainDetector(detector: Detector): string {
  const { series, threshold } = detector;
  const start = detector.from > 0 ? `from epoch ${detector.from}, ` : '';
  if (detector.kind === 'slope') {
    const verb = detector.direction === 'rising' ? 'rises' : 'falls';
    return `${start}ln ${series} ${verb} by more than ${threshold} an epoch over ${detector.lag} epochs`;
  }
  return `${start}${series} is ${detector.direction === 'rising' ? 'at least' : 'at most'} ${threshold}`;
}

/** What the late value takes the median of. */
export function explainLate({ series, range }: Late): string {
  const meaning =
    `The median of ${series} over epochs ${range[0]}..${range[1]} of each run, then the median and the range over runs. It ` +
    'summarises a stretch of epochs, not a plateau.';
  return isEigenvalue(series) ? `${meaning} ${eigenvalueSentence}` : meaning;
}

/** Whether a series is an eigenvalue of the update Gram, or a ratio of two: its square root is then of singular values. */
export function isEigenvalue(series: string): boolean {
  return /^spectrum\.[WV]\.(sigma\d|ratio\d\d)$/.test(series);
}

const eigenvalueSentence =
  'The sigma are eigenvalues of the update Gram: a ratio of singular values is the square root of the one shown.';
