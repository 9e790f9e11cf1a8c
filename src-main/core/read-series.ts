import type { SeriesWindow } from '#shared/models/lab.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { SeriesQuery } from './core.ts';

/** One series of some runs, in the range and resolution asked for. Runs without it are left out. */
export function readSeries(store: LabStore, { runIds, name, range, points }: SeriesQuery): SeriesWindow[] {
  const first = Math.max(0, range?.[0] ?? 0);
  return runIds.flatMap((runId) => {
    if (!store.series.names(runId).includes(name)) return [];
    const values = store.series.read(runId, name, [first, range?.[1] ?? Infinity]);
    const part = thin(values, first, points ?? values.length);
    return [{ runId, name, stored: values.length, first: part.epochs?.[0] ?? first, ...part }];
  });
}

/**
 * At most `points` points that draw the same line: of every stretch of equal length the smallest and the largest value, in their order.
 * Nothing is averaged; a stretch that is all NaN keeps one, so that the gap is drawn.
 */
export function thin(
  values: Float64Array,
  firstEpoch: number,
  points: number,
): Pick<SeriesWindow, 'epochs' | 'values'> {
  if (values.length <= points) return { epochs: null, values };
  const stretches = Math.max(1, Math.floor(points / 2));
  const kept: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * values.length) / stretches);
    const to = Math.floor(((stretch + 1) * values.length) / stretches);
    const [low, high] = extremes(values, from, to);
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  return {
    epochs: Float64Array.from(kept, (index) => firstEpoch + index),
    values: Float64Array.from(kept, (index) => values[index]),
  };
}

/** Indices of the smallest and the largest value in [from, to); both `from` when all are NaN. */
function extremes(values: Float64Array, from: number, to: number): [number, number] {
  let low = -1;
  let high = -1;
  for (let index = from; index < to; index++) {
    const value = values[index];
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < values[low]) low = index;
    if (high < 0 || value > values[high]) high = index;
  }
  return low < 0 ? [from, from] : [low, high];
}
