/** The study's own values, used wherever a file is silent. */
export const settingDefaults = {
  activation: 'square',
  optimizer: 'adam',
  learningRate: 0.001,
  weightDecay: 0,
  momentum: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  window: 20,
  every: 1,
  gradientPairs: 500,
  pairs: 200,
  randomPairs: 2000,
  identityPairs: 10,
} as const;

/** The ratio whose rise the study calls lock-in. */
export const lockInSeries = 'spectrum.W.ratio23';

export const slopeDefaults = {
  series: lockInSeries,
  lag: 25,
  threshold: 0.04,
  from: 100,
  direction: 'rising',
} as const;
