import type { RepulsionResult } from '../science/repulsion-result.ts';

/** What figures need of a probe: the shares of pairs that repel, at one ridge. */
export interface RepulsionPoint {
  readonly epoch: number;
  readonly ridge: string;
  /** Of the most similar pairs. */
  readonly similar: number;
  /** Of random pairs, the baseline. */
  readonly random: number;
}

/** Repulsion has no stored series: figures read the probes under these names. */
export function repulsionSeries(ridge: string): { readonly similar: string; readonly random: string } {
  return { similar: `repulsion.${ridge}.similar`, random: `repulsion.${ridge}.random` };
}

export function repulsionPoints({ epoch, ridges }: RepulsionResult): RepulsionPoint[] {
  return ridges.map(({ ridge, top, random }) => ({
    epoch,
    ridge: ridge.name,
    similar: top.opposite,
    random: random.opposite,
  }));
}

/** Probes of one run as series: index = epoch, NaN where none was taken. */
export function repulsionLines(points: readonly RepulsionPoint[]): Map<string, Float64Array> {
  const length = points.reduce((last, { epoch }) => Math.max(last, epoch + 1), 0);
  const lines = new Map<string, Float64Array>();
  const set = (name: string, epoch: number, value: number): void => {
    const line = lines.get(name) ?? new Float64Array(length).fill(NaN);
    line[epoch] = value;
    lines.set(name, line);
  };
  for (const { epoch, ridge, similar, random } of points) {
    const names = repulsionSeries(ridge);
    set(names.similar, epoch, similar);
    set(names.random, epoch, random);
  }
  return lines;
}
