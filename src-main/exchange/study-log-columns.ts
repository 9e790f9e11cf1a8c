/**
 * The columns of the study's own logs (one JSON object an epoch) and the series they are, in the logs' order.
 * sigma are eigenvalues of the update Gram in both. `fft_*` come from the sample Gram; its mean diagonal is the feature
 * Gram's times K / n, both being the trace over their size, so that one need not be stored.
 */
export const studyLogColumns: readonly StudyLogColumn[] = [
  { column: 'train_acc', series: 'train.accuracy' },
  { column: 'test_acc', series: 'test.accuracy' },
  { column: 'train_loss', series: 'train.loss' },
  { column: 'test_loss', series: 'test.loss' },
  { column: 'ftf_diag', series: 'gram.diagonal' },
  { column: 'ftf_off', series: 'gram.offDiagonal' },
  { column: 'ftf_ratio', series: 'gram.ratio' },
  { column: 'fft_diag', series: 'kernel.diagonal' },
  { column: 'fft_off', series: 'kernel.offDiagonal' },
  { column: 'fft_ratio', series: 'kernel.ratio' },
  { column: 'fft_dist_from_ideal', series: 'gram.rho' },
  { column: 'gF_norm', series: 'gradient.norm' },
  { column: 'indep_cos_med', series: 'gradient.cosineMedian' },
  { column: 'indep_cos_p95', series: 'gradient.cosineP95' },
  ...spectrumColumns('W'),
  ...spectrumColumns('V'),
  { column: 'W_step_cos_dist', series: 'spectrum.W.stepCosineDistance' },
  { column: 'V_step_cos_dist', series: 'spectrum.V.stepCosineDistance' },
];

export interface StudyLogColumn {
  readonly column: string;
  readonly series: string;
}

/** Series of columns that are none of the above are called this plus the column. */
const importedPrefix = 'imported.';

const seriesByColumn = new Map(studyLogColumns.map(({ column, series }) => [column, series]));

export function seriesOfColumn(column: string): string {
  return seriesByColumn.get(column) ?? `${importedPrefix}${column}`;
}

/** The columns a run with these series has: the known ones in the logs' order, then the imported ones under their old names. */
export function columnsOfSeries(names: readonly string[]): StudyLogColumn[] {
  const stored = new Set(names);
  const known = studyLogColumns.filter(({ series }) => stored.has(series));
  const imported = names
    .filter((name) => name.startsWith(importedPrefix))
    .map((series) => ({ column: series.slice(importedPrefix.length), series }));
  return [...known, ...imported];
}

function spectrumColumns(layer: 'W' | 'V'): StudyLogColumn[] {
  const sigma = [1, 2, 3, 4, 5].map((k) => ({
    column: `${layer}_sigma${k}`,
    series: `spectrum.${layer}.sigma${k}`,
  }));
  return [...sigma, { column: `${layer}_gap23`, series: `spectrum.${layer}.ratio23` }];
}
