import { bandOf } from '#shared/figures/band.ts';
import type { Band } from '#shared/figures/band.ts';

/** What a table says of one series of one condition. */
export interface ReadCurve {
  readonly runs: ReadonlyMap<number, Float64Array>;
  readonly written: Band;
  /** Of the runs, computed here. */
  readonly rebuilt: Band;
}

/** Reads the table beside a figure as anyone would: nothing of it is known but its header. */
export function readFigureCsv(text: string): Map<string, ReadCurve> {
  const [header, ...rows] = text.trimEnd().split('\n').map(fieldsOf);
  const at = (name: string): number => header.indexOf(name);
  const columns = new Map<string, Map<string, [number, number][]>>();
  for (const row of rows) {
    const epoch = row[at('epoch')];
    if (epoch === '') continue;
    const curve = `${row[at('condition')]}/${row[at('series')]}`;
    const kinds = columns.get(curve) ?? new Map<string, [number, number][]>();
    columns.set(curve, kinds);
    const kind = `${row[at('kind')]}${row[at('seed')]}`;
    const value = row[at('value')];
    const points = kinds.get(kind) ?? [];
    kinds.set(kind, points);
    points.push([Number(epoch), value === '' ? NaN : Number(value)]);
  }
  return new Map([...columns].map(([curve, kinds]) => [curve, readCurve(kinds)]));
}

function readCurve(kinds: ReadonlyMap<string, [number, number][]>): ReadCurve {
  const runs = new Map(
    [...kinds]
      .filter(([kind]) => /^run\d+$/.test(kind))
      .map(([kind, points]) => [Number(kind.slice(3)), lineOf(points)]),
  );
  const statistic = (kind: string): Float64Array => lineOf(kinds.get(kind) ?? []);
  return {
    runs,
    written: {
      median: statistic('median'),
      q1: statistic('q1'),
      q3: statistic('q3'),
      counts: Int32Array.from(statistic('n')),
    },
    rebuilt: bandOf([...runs.values()]),
  };
}

function lineOf(points: readonly [number, number][]): Float64Array {
  const line = new Float64Array(points.reduce((last, [epoch]) => Math.max(last, epoch + 1), 0)).fill(NaN);
  for (const [epoch, value] of points) line[epoch] = value;
  return line;
}

/** RFC 4180, for one line. */
function fieldsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
}
