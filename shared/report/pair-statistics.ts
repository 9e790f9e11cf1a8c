import type { RepulsionAtRidge, RepulsionResult } from '../science/repulsion-result.ts';
import { median, quantile } from '../science/statistics.ts';
import { formatRatio, formatShare } from './format-number.ts';
import type { MeasureId } from './measures.ts';

/** A statistic of B over some seeds at one epoch and ridge. */
export interface PairStatistic {
  readonly measure: MeasureId;
  readonly label: string;
  /** Of each seed that has it, summarised; null where none does. */
  readonly value: {
    readonly median: number;
    readonly q1: number;
    readonly q3: number;
    readonly n: number;
  } | null;
  readonly format: (value: number) => string;
}

interface Row {
  readonly measure: MeasureId;
  readonly label: string;
  readonly of: (at: RepulsionAtRidge) => number;
  readonly format: (value: number) => string;
}

const rows: readonly Row[] = [
  {
    measure: 'repulsion',
    label: 'similar pairs that repel',
    of: ({ top }) => top.opposite,
    format: formatShare,
  },
  {
    measure: 'randomPairs',
    label: 'random pairs that repel',
    of: ({ random }) => random.opposite,
    format: formatShare,
  },
  {
    measure: 'conditional',
    label: 'P(B < 0 | cos > 0), similar pairs',
    of: ({ top }) => top.negativeGivenPositive,
    format: formatShare,
  },
  {
    measure: 'conditional',
    label: 'P(B < 0 | cos > 0), random pairs',
    of: ({ random }) => random.negativeGivenPositive,
    format: formatShare,
  },
  {
    measure: 'magnitude',
    label: 'median |B|, similar pairs',
    of: ({ top }) => top.medianAbsolute,
    format: formatRatio,
  },
  {
    measure: 'magnitude',
    label: 'median |B|, random pairs',
    of: ({ random }) => random.medianAbsolute,
    format: formatRatio,
  },
  {
    measure: 'diagonal',
    label: 'mean diagonal of B',
    of: ({ meanDiagonal }) => meanDiagonal,
    format: formatRatio,
  },
  {
    measure: 'identity',
    label: 'identity check, largest deviation: tests the arithmetic, not the network',
    of: ({ identityDeviation }) => identityDeviation,
    format: formatRatio,
  },
];

/** The statistics of B over runs, in the order they are read; a run without the probe or the ridge, or with NaN, is not counted. */
export function pairStatistics(
  results: readonly (RepulsionResult | null)[],
  ridge: string,
): readonly PairStatistic[] {
  const at = results.flatMap((result) => result?.ridges.filter((each) => each.ridge.name === ridge) ?? []);
  return rows.map(({ measure, label, of, format }) => {
    const values = at.map(of).filter(Number.isFinite);
    const summary = (): PairStatistic['value'] => ({
      median: median(values),
      q1: quantile(values, 0.25),
      q3: quantile(values, 0.75),
      n: values.length,
    });
    return { measure, label, format, value: values.length > 0 ? summary() : null };
  });
}

/** One value, or the median with its quartiles and how many seeds. */
export function statisticText({ value, format }: PairStatistic): string {
  if (value === null) return '-';
  if (value.n === 1) return format(value.median);
  return `${format(value.median)}  [${format(value.q1)}, ${format(value.q3)}]  n = ${value.n}`;
}
