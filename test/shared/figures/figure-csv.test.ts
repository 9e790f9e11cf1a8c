import { describe, expect, it } from 'vitest';
import { figureCsv } from '#shared/figures/figure-csv.ts';
import { readFigureCsv } from './read-figure-csv.ts';
import { noisyLine, sampleCurve, sampleFigure } from './sample-figure.ts';

const lines = [noisyLine(30, 1), noisyLine(30, 2), Float64Array.from([0.1, NaN, 1e-300])];
const marker = {
  detector: 'lock-in',
  condition: 'a, "b"',
  place: 0,
  fired: 2,
  n: 3,
  median: 12.5,
  q1: 11,
  q3: 14,
};
const figure = sampleFigure([sampleCurve('a, "b"', 0, lines)], [marker]);
const rows = figureCsv(figure).trimEnd().split('\n');

/** Everything of one kind, read back. */
function read(kind: string, seed = ''): number[] {
  return rows
    .filter((row) => row.includes(`,"a, ""b""",${kind},${seed},`))
    .map((row) => row.slice(row.lastIndexOf(',') + 1))
    .map((value) => (value === '' ? NaN : Number(value)));
}

describe('the table beside a figure', () => {
  it.each([0, 1, 2])('has every point of run %i, to the bit, a missing one empty', (seed) => {
    expect(read('run', String(seed))).toStrictEqual([...lines[seed]]);
  });

  it('has the statistics at every epoch', () => {
    const { median, q1, q3, counts } = figure.curves[0].band;
    expect(read('median').slice(0, 30)).toStrictEqual([...median]);
    expect(read('q1').slice(0, 30)).toStrictEqual([...q1]);
    expect(read('q3').slice(0, 30)).toStrictEqual([...q3]);
    expect(read('n').slice(0, 30)).toStrictEqual([...counts]);
  });

  it('has the detectors that are drawn', () => {
    expect(rows).toContain('ratio23-W,detector lock-in,"a, ""b""",median,,,12.5');
    expect(rows).toContain('ratio23-W,detector lock-in,"a, ""b""",fired,,,2');
  });
});

// Oracle: statistics computed anew from the runs as the table has them.
it('a figure is rebuilt from its table, to the bit', () => {
  const read = readFigureCsv(figureCsv(figure)).get('a, "b"/spectrum.W.ratio23');
  expect([...(read?.runs.values() ?? [])]).toStrictEqual(lines);
  expect(read?.written).toStrictEqual(figure.curves[0].band);
  expect(read?.rebuilt).toStrictEqual(figure.curves[0].band);
});

it('a series that is measured at some epochs has only those in the table', () => {
  const sparse = { ...figure.curves[0], sparse: true };
  const table = figureCsv(sampleFigure([sparse]));
  expect(table.split('\n').filter((row) => row.endsWith(','))).toStrictEqual([]);
  expect(readFigureCsv(table).get('a, "b"/spectrum.W.ratio23')?.rebuilt).toStrictEqual(sparse.band);
});
