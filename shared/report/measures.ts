import { explanations } from './explanations.ts';

/** What a statistic is and what it is not, where a reader asks. */
export interface Measure {
  readonly title: string;
  /** TeX; null where words say it better. */
  readonly formula: string | null;
  readonly meaning: string;
  readonly caveat: string;
}

const ridgeCaveat =
  'The published ridge is eta; the ridge that weight decay puts on V is n eta/2, the loss being a mean over n without 1/2. At that ' +
  'ridge nearly every similar pair of the headline study repels at every epoch, in controls and at initialisation too.';

/** Every statistic of the lab by its id, said the same in the window and in the report. See docs/science.md. */
export const measures = {
  repulsion: {
    title: 'Similar-pair repulsion',
    formula: String.raw`\begin{gathered} P\big[\operatorname{sgn} B_{jl} = -\operatorname{sgn}\,\cos(f_j, f_l)\big] \\ B = (\tilde F^\top \tilde F + \lambda I)^{-1} \end{gathered}`,
    meaning: explanations.repulsion,
    caveat: ridgeCaveat,
  },
  randomPairs: {
    title: 'Random pairs',
    formula: String.raw`P\big[\operatorname{sgn} B_{jl} = -\operatorname{sgn}\,\cos(f_j, f_l)\big]`,
    meaning: 'The baseline of repulsion: the same share over random pairs, the same ones at every epoch.',
    caveat:
      'Above one half at initialisation already: to first order in the off-diagonals, an inverse has the opposite signs of its matrix.',
  },
  conditional: {
    title: 'Repulsion of aligned pairs',
    formula: String.raw`P\big[B_{jl} < 0 \,\big|\, \cos(f_j, f_l) > 0\big]`,
    meaning: 'Of the pairs whose features point the same way, the share with a negative B.',
    caveat: 'It leaves out opposed pairs; with few aligned pairs in the sample it jumps.',
  },
  magnitude: {
    title: 'Size of B',
    formula: String.raw`\operatorname{median}|B_{jl}|`,
    meaning: 'How strong the coupling of the pairs is, whatever its sign.',
    caveat:
      'It falls as features grow or the ridge does: F / 4 at ridge / 16 has 16 B, and every share unchanged.',
  },
  diagonal: {
    title: 'Mean diagonal of B',
    formula: String.raw`\tfrac1K \sum_j B_{jj}`,
    meaning: 'The scale that off-diagonals of B are to be seen against: |B_jl| is at most sqrt(B_jj B_ll).',
    caveat:
      'With K > n - 1, G is 0 in K - n + 1 directions at least, where B is 1 / ridge: they alone give (K - n + 1) / (K ridge).',
  },
  identity: {
    title: 'Identity check',
    formula: String.raw`B_{jl} = -\frac{f_j^\top P f_l}{\det S},\qquad \det S > 0`,
    meaning: explanations.identity,
    caveat:
      'The sign rule of Theorem 6 is a 2 x 2 block inverse: it holds for every F, any activation, at initialisation too. A large ' +
      'deviation would be a fault of this program; a small one says nothing about learning.',
  },
  histogram: {
    title: 'Distribution of B',
    formula: String.raw`\{B_{jl} : j < l\}`,
    meaning:
      'Shares of all pairs, of the most similar pairs and of random pairs in 67 equal bins over [-max |B|, max |B|], the middle one ' +
      'centred on 0. Each curve sums to 1.',
    caveat:
      'The span is the largest single pair: most of the curve is in the middle bins. A logarithmic count shows the tails.',
  },
  scatter: {
    title: 'B against the cosine',
    formula: String.raw`\big(\cos(f_j, f_l),\ B_{jl}\big)`,
    meaning:
      'A point a pair. Pairs that repel lie in the second and fourth quadrant: aligned with B < 0, or opposed with B > 0.',
    caveat: 'The similar pairs are chosen by |cos|, so they lie at the sides by construction.',
  },
  heatmap: {
    title: 'The whole matrix',
    formula: String.raw`B = (\tilde F^\top \tilde F + \lambda I)^{-1}, \qquad j \neq l`,
    meaning:
      'B of every pair of hidden units. A cell that covers several pairs shows the signed value of largest magnitude, so that a single ' +
      'repelling pair does not vanish, or their mean. The diagonal is no pair and is left blank.',
    caveat:
      'The extreme of more pairs is larger: colours of a whole view and of a zoomed one are not to be compared cell by cell. Blocks on ' +
      'the diagonal of the order by frequency are what shared frequency does; an order by cluster makes blocks of anything.',
  },
  frequency: {
    title: 'Dominant frequency',
    formula: String.raw`P_f(k) = c_f\Big|\sum_{a} W_{ak}\, e^{-2\pi i f a / M}\Big|^2,\quad f = 1..\lfloor M/2 \rfloor`,
    meaning:
      'The frequency of Z_M that carries most of the variance of a unit’s weights on the first summand, and its share: 1 is a pure wave.',
    caveat:
      'At initialisation every unit has some largest frequency by chance, with a share of about ln(M/2) / (M/2).',
  },
  cluster: {
    title: 'Order by cluster',
    formula: null,
    meaning:
      'Units are merged bottom-up, the two groups of largest mean |cos| first (average linkage), and each merge is turned so that its ' +
      'most similar ends meet.',
    caveat: 'It finds groups in noise too: compare epoch 0 and the control.',
  },
  accuracy: {
    title: 'Accuracy and loss',
    formula: String.raw`\tfrac1n \sum_i \big(|\tilde o_i|^2 - 2\,\tilde o_{i, y_i}\big) + 1 - \tfrac1M`,
    meaning:
      'Accuracy is the share of rows whose largest output is the target; the loss is over centred outputs, a mean over rows.',
    caveat: 'The loss has no 1/2: its own ridge on V is n eta/2, not eta.',
  },
  spectrum: {
    title: 'Update spectrum',
    formula: String.raw`\sigma_k = \lambda_k\big(D^\top D\big),\qquad D = [\Delta w_{t-19}, \dots, \Delta w_t]`,
    meaning:
      'Eigenvalues of the Gram of the last updates of a layer (20 by default). They are eigenvalues, as in the study: singular values are their roots.',
    caveat: explanations.spectrum,
  },
  ratio: {
    title: 'Ratio of the second to the third eigenvalue',
    formula: String.raw`\sigma_2 / \sigma_3`,
    meaning: 'How far two directions of the last updates stand out. 229 is 15 in singular values.',
    caveat: explanations.smoothness,
  },
  smoothness: {
    title: 'Smoothness',
    formula: String.raw`\big|\langle v_k, P_{k-1}\rangle\big|`,
    meaning: explanations.smoothness,
    caveat:
      'Near 1 in either condition at epoch 50 of the headline run: it belongs to a smooth path before it belongs to the task.',
  },
  roundingFloor: {
    title: 'Rounding floor',
    formula: String.raw`\sigma_k < 10^{-7}\,\sigma_1`,
    meaning: 'Below it an eigenvalue is the rounding of float32 weights.',
    caveat: 'A ratio of eigenvalues under the floor is noise, and differs from machine to machine.',
  },
  gram: {
    title: 'Feature Gram',
    formula: String.raw`G = \tilde F^\top \tilde F`,
    meaning: 'Mean absolute diagonal and off-diagonal of the Gram of the centred features, and their ratio.',
    caveat: 'K units on n rows with K > n - 1 cannot all be orthogonal: the ratio has a floor above 0.',
  },
  rho: {
    title: 'rho',
    formula: String.raw`\rho = \frac{\lVert FF^\top - (aI + b\,\mathbf 1\mathbf 1^\top)\rVert}{\lVert FF^\top\rVert}`,
    meaning:
      'How far the kernel of the features is from one that knows no structure: b its mean off-diagonal, a the rest of its diagonal.',
    caveat:
      'The threshold of a detector on it (0.075 in the study) is a choice, and the epoch moves with it.',
  },
  gradient: {
    title: 'Backpropagated gradient of the features',
    formula: String.raw`G_F = P_1 (Y - F V) V^\top`,
    meaning:
      'Its Frobenius norm, and median and 95th percentile of the absolute cosines of its columns over random pairs.',
    caveat: 'Its rank is at most M: K > M columns cannot all be orthogonal.',
  },
  stepDistance: {
    title: 'Step cosine distance',
    formula: String.raw`1 - \cos(\Delta w_{t-1}, \Delta w_t)`,
    meaning: 'How much the direction of the update changed since the step before.',
    caveat: 'With momentum consecutive updates are alike by construction.',
  },
  detectors: {
    title: 'Detectors',
    formula: String.raw`s(t) = \frac{\ln \max(r_t, 10^{-6}) - \ln \max(r_{t-\mathrm{lag}}, 10^{-6})}{\mathrm{lag}} > \theta`,
    meaning: explanations.fires,
    caveat: explanations.crossings,
  },
  late: {
    title: 'Late value',
    formula: String.raw`\operatorname{median}_{t \in [t_0, t_1]} r_t`,
    meaning: 'The median of a series over a range of epochs of each run, then median and range over runs.',
    caveat: 'It summarises a stretch of epochs, not a plateau: sigma2/sigma3 is a peak that falls.',
  },
  separation: {
    title: 'Separation',
    formula: String.raw`\frac{\operatorname{median}\ \text{late (one condition)}}{\operatorname{median}\ \text{late (the other)}}`,
    meaning: explanations.separation,
    caveat: 'As a ratio of eigenvalues it is the square of one of singular values.',
  },
} as const satisfies Record<string, Measure>;

export type MeasureId = keyof typeof measures;

/** What a stored series measures; null for one that explains itself. */
export function measureOfSeries(name: string): MeasureId | null {
  if (/^(train|test)\./.test(name)) return 'accuracy';
  if (name.endsWith('.ratio23')) return 'ratio';
  if (/\.smoothness\d$/.test(name)) return 'smoothness';
  if (name.endsWith('.stepCosineDistance')) return 'stepDistance';
  if (name.startsWith('spectrum.')) return 'spectrum';
  if (name === 'gram.rho') return 'rho';
  if (name.startsWith('gram.')) return 'gram';
  if (name.startsWith('repulsion.')) return 'repulsion';
  return name.startsWith('gradient.') ? 'gradient' : null;
}
