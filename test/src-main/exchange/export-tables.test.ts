import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import type { LabStore } from '#main/store/lab-store.ts';
import { exportCsv } from '#main/exchange/export-csv.ts';
import { exportJsonl } from '#main/exchange/export-jsonl.ts';
import { exportParquet } from '#main/exchange/export-parquet.ts';
import { openTestLab, refusal, temporaryFolder, testStudy } from '../store/lab-fixtures.ts';
import { provenance } from '../store/store-values.ts';
import { labWithRows } from './exchange-fixtures.ts';

const formats = [
  ['csv', exportCsv],
  ['jsonl', exportJsonl],
  ['parquet', exportParquet],
] as const;

/** RFC 4180, by its grammar: an oracle that shares nothing with the writer. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n)/g)) {
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\n') {
      lines.push(cells);
      cells = [];
    }
  }
  return lines;
}

/** The series file of a format, each cell as a number, a text, or absent. */
async function readBack(format: string, path: string): Promise<Record<string, unknown>[]> {
  if (format === 'csv') {
    const [header = [], ...lines] = parseCsv(readFileSync(path, 'utf8'));
    const texts = ['study', 'condition', 'ridge', 'ridge_borrowed_from', 'sample'];
    return lines.map((line) =>
      Object.fromEntries(
        header
          .map((name, index): [string, unknown] => [
            name,
            texts.includes(name) ? line[index] : Number(line[index]),
          ])
          .filter((_, index) => line[index] !== ''),
      ),
    );
  }
  if (format === 'jsonl') {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line));
  }
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([, cell]) => cell !== null && cell !== undefined)
        .map(([name, cell]) => [name, typeof cell === 'bigint' ? Number(cell) : cell]),
    ),
  );
}

/** What the store holds, as the tidy rows every format must give back; a value that was not measured is absent. */
function expectedRows(store: LabStore): Record<string, unknown>[] {
  const order = store.studies.get(1).study.conditions.map(({ name }) => name);
  const runs = store.runs.list().filter((run) => run.rows > 0);
  runs.sort((a, b) => order.indexOf(a.condition) - order.indexOf(b.condition) || a.seed - b.seed);
  return runs.flatMap((run) => {
    const names = store.series.names(run.id);
    const columns = store.series.readMany(run.id, names);
    return Array.from({ length: run.rows }, (_, epoch) => ({
      study: store.studies.get(1).name,
      condition: run.condition,
      seed: run.seed,
      epoch,
      ...Object.fromEntries(
        names
          .map((name, index): [string, number] => [name, columns[index][epoch]])
          .filter(([, value]) => !Number.isNaN(value)),
      ),
    }));
  });
}

test.each(formats)(
  '%s gives back every row of a study as the float64 that was stored',
  async (format, write) => {
    const store = labWithRows();
    const folder = join(temporaryFolder(), 'out');
    const result = write(store, { kind: 'study', id: 1 }, folder);
    expect(result.files).toEqual([join(folder, `series.${format}`), join(folder, `repulsion.${format}`)]);
    const rows = await readBack(format, result.files[0]);
    expect(rows).toEqual(expectedRows(store));
    expect(result.rows).toBe(rows.length);
    expect(readdirSync(folder).toSorted()).toEqual([`repulsion.${format}`, `series.${format}`]);
  },
);

test.each(formats)('%s has a row for each probe, ridge and sample of pairs', async (format, write) => {
  const store = labWithRows();
  const { files } = write(store, { kind: 'study', id: 1 }, temporaryFolder());
  const rows = await readBack(format, files[1]);
  expect(rows.map((row) => [row['epoch'], row['ridge'], row['sample']])).toEqual(
    [0, 50].flatMap((epoch) =>
      ['published', 'effective'].flatMap((ridge) =>
        ['top', 'random'].map((sample) => [epoch, ridge, sample]),
      ),
    ),
  );
  expect(rows[2]).toMatchObject({
    condition: 'grokking',
    seed: 0,
    ridge_value: 1.0002,
    ridge_borrowed_from: 'grokking',
    pairs: 2,
    opposite: 0.5,
    positive_pairs: 0,
    median_absolute: 1 / 3,
  });
  expect(rows[2]).not.toHaveProperty('negative_given_positive');
  expect(rows[0]).not.toHaveProperty('ridge_borrowed_from');
});

test.each(formats)('%s keeps a series that only some runs have, and infinities', async (format, write) => {
  const store = openTestLab();
  const study = testStudy();
  const [a, b] = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  for (const { id } of [a, b]) store.runs.start(id, provenance);
  store.series.append(a.id, 0, ['test.loss'], [Float64Array.of(Infinity, -Infinity)]);
  store.series.append(b.id, 0, ['imported.x', 'test.loss'], [Float64Array.of(5e-324), Float64Array.of(-0)]);
  const { files } = write(store, { kind: 'study', id: 1 }, temporaryFolder());
  expect(files.length).toBe(1);
  const text = format === 'csv' ? readFileSync(files[0], 'utf8').replaceAll('inf', 'Infinity') : null;
  if (text !== null) writeFileSync(files[0], text);
  const common = { study: 'Small', condition: 'grokking' };
  expect(await readBack(format, files[0])).toEqual([
    { ...common, seed: 0, epoch: 0, 'test.loss': Infinity },
    { ...common, seed: 0, epoch: 1, 'test.loss': -Infinity },
    { ...common, seed: 1, epoch: 0, 'test.loss': -0, 'imported.x': 5e-324 },
  ]);
});

test.each(formats)('%s exports one run alone', async (format, write) => {
  const store = labWithRows();
  const { files, rows } = write(store, { kind: 'run', id: 2 }, temporaryFolder());
  const back = await readBack(format, files[0]);
  expect(back.every((row) => row['seed'] === 1 && row['condition'] === 'grokking')).toBe(true);
  expect(back.length).toBe(rows);
});

test.each(formats)('%s refuses to replace a file unless forced, and then writes nothing', (format, write) => {
  const store = labWithRows();
  const folder = temporaryFolder();
  writeFileSync(join(folder, `repulsion.${format}`), 'mine');
  const found = refusal(() => write(store, { kind: 'study', id: 1 }, folder));
  expect(found).toMatchObject({
    code: 'export-failed',
    message: expect.stringContaining(`repulsion.${format}`),
  });
  expect(found.message).toContain('--force');
  expect(readdirSync(folder)).toEqual([`repulsion.${format}`]);
  write(store, { kind: 'study', id: 1 }, folder, { force: true });
  expect(readFileSync(join(folder, `repulsion.${format}`), 'latin1')).not.toBe('mine');
});

test('an export of nothing, of no such study, or into a file is refused with what to do', () => {
  const store = labWithRows();
  const folder = temporaryFolder();
  expect(refusal(() => exportCsv(store, { kind: 'run', id: 4 }, folder)).message).toMatch(
    /no rows.*Run the study/,
  );
  expect(refusal(() => exportCsv(store, { kind: 'study', id: 9 }, folder)).code).toBe('not-found');
  writeFileSync(join(folder, 'file'), '');
  expect(refusal(() => exportCsv(store, { kind: 'study', id: 1 }, join(folder, 'file')))).toMatchObject({
    code: 'export-failed',
    message: expect.stringContaining('--out'),
  });
});
