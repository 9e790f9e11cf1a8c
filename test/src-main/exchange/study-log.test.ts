import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportStudyLog } from '#main/exchange/export-study-log.ts';
import { importStudyLogs } from '#main/exchange/import-study-logs.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Study } from '#shared/models/study.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { columnsFrom, provenance } from '../store/store-values.ts';
import { openTestLab, refusal, temporaryFolder } from '../store/lab-fixtures.ts';
import { labWithRows, referenceConfig, referenceLog, tree, writeStudyLog } from './exchange-fixtures.ts';

/** A column of a reference log, NaN where a line lacks it. */
function column(log: string, name: string): Float64Array {
  // Python's json wrote NaN where a ratio had no denominator.
  const lines = log
    .replaceAll(/\bNaN\b/g, 'null')
    .trimEnd()
    .split('\n');
  return Float64Array.from(lines, (line) => Number(JSON.parse(line)[name] ?? Number.NaN));
}

test('the PyTorch reference logs come in with every value of every column under our names', () => {
  const folder = join(temporaryFolder(), 'reference');
  writeStudyLog(join(folder, 'g0'), referenceConfig, referenceLog('g0'));
  writeStudyLog(join(folder, 'c0'), { ...referenceConfig, eta: 0, tag: 'control' }, referenceLog('c0'));
  const store = openTestLab();
  const { study, runs, skipped } = importStudyLogs(store, folder);
  expect(skipped).toEqual([]);
  expect(study.name).toBe('reference');
  expect(study.study.conditions.map(({ name, settings }) => [name, settings.optimizer.weightDecay])).toEqual([
    ['control', 0],
    ['grokking', 0.0002],
  ]);
  const names = {
    W_gap23: 'spectrum.W.ratio23',
    V_sigma5: 'spectrum.V.sigma5',
    W_step_cos_dist: 'spectrum.W.stepCosineDistance',
    test_acc: 'test.accuracy',
    fft_dist_from_ideal: 'gram.rho',
    ftf_off: 'gram.offDiagonal',
    fft_off: 'kernel.offDiagonal',
    fft_ratio: 'kernel.ratio',
    gF_norm: 'gradient.norm',
    indep_cos_p95: 'gradient.cosineP95',
  };
  for (const [log, condition] of [
    ['g0', 'grokking'],
    ['c0', 'control'],
  ] as const) {
    const run = runs.find((candidate) => candidate.condition === condition);
    expect(run).toMatchObject({ state: 'finished', provenance: null, rows: 401, seed: 0 });
    for (const [from, to] of Object.entries(names)) {
      expect(store.series.read(run?.id ?? 0, to)).toEqual(column(referenceLog(log), from));
    }
  }
});

test('the mean diagonal of the sample Gram is the feature Gram’s times K / n, as the export derives it', () => {
  // Oracle: both columns of the PyTorch log.
  const feature = column(referenceLog('g0'), 'ftf_diag');
  const sample = column(referenceLog('g0'), 'fft_diag');
  for (const epoch of [0, 29, 200, 400])
    expect((feature[epoch] * 2048) / 2016 / sample[epoch]).toBeCloseTo(1, 6);
  const store = labWithRows();
  const folder = temporaryFolder();
  exportStudyLog(store, { kind: 'run', id: 1 }, folder);
  const log = readFileSync(join(folder, 'grokking-seed0', 'log.jsonl'), 'utf8');
  const [ours, derived] = [column(log, 'ftf_diag'), column(log, 'fft_diag')];
  expect(ours.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(250);
  for (const [epoch, value] of ours.entries()) {
    if (Number.isNaN(value)) expect(derived[epoch]).toBeNaN();
    else expect((value * 64) / 265 / derived[epoch]).toBeCloseTo(1, 12);
  }
});

test('an exported log has config.json with exactly the study’s keys, and the reference’s columns in its order', () => {
  const folder = temporaryFolder();
  const store = labWithRows();
  const { files, rows, notes } = exportStudyLog(store, { kind: 'study', id: 1 }, folder);
  expect(files.map((file) => file.slice(folder.length + 1))).toEqual(
    ['grokking-seed0', 'grokking-seed1', 'control-seed0'].flatMap((name) => [
      `${name}/config.json`,
      `${name}/log.jsonl`,
    ]),
  );
  expect([rows, notes]).toEqual([301 + 301 + 120, []]);
  expect(JSON.parse(readFileSync(files[4], 'utf8'))).toEqual({
    M: 23,
    K: 64,
    n_train: 265,
    eta: 0,
    lr: 0.001,
    epochs: 300,
    seed: 0,
    window: 20,
    activation: 'square',
    tag: 'control',
  });
  const lines = readFileSync(files[1], 'utf8').trimEnd().split('\n');
  expect(lines.length).toBe(301);
  const written = [...new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))))];
  const reference = Object.keys(JSON.parse(referenceLog('g0').split('\n')[29]));
  expect(written.toSorted()).toEqual(
    reference.filter((name) => !['fft_off', 'fft_ratio'].includes(name)).toSorted(),
  );
  const loss = store.series.read(1, 'train.loss');
  expect(lines.map((line) => JSON.parse(line)['train_loss'] ?? Number.NaN)).toEqual([...loss]);
});

test('export, import, export again is byte-identical: our runs and the reference’s', () => {
  const first = temporaryFolder();
  exportStudyLog(labWithRows(), { kind: 'study', id: 1 }, first);
  writeStudyLog(
    join(first, 'grokking-seed7'),
    { ...referenceConfig, tag: 'a/b: ünï', seed: 7 },
    referenceLog('g0'),
  );
  const one = openTestLab();
  const imported = importStudyLogs(one, first);
  const second = temporaryFolder();
  exportStudyLog(one, { kind: 'study', id: imported.study.id }, second);
  const two = openTestLab();
  const third = temporaryFolder();
  exportStudyLog(two, { kind: 'study', id: importStudyLogs(two, second).study.id }, third);
  expect(tree(third)).toEqual(tree(second));
  const { 'grokking-seed7/config.json': _, 'grokking-seed7/log.jsonl': __, ...ours } = tree(first);
  expect(tree(second)).toMatchObject(ours);
  expect(Object.keys(tree(second)).length).toBe(8);
});

function optimizersOf({ conditions }: Study): Record<string, unknown> {
  return Object.fromEntries(conditions.map(({ name, settings }) => [name, settings.optimizer]));
}

test('an optimizer that is not the study’s goes out with a word and comes in as what it was', () => {
  const text = `
study: Others
task: { kind: modular-addition, modulus: 23 }
split: { train: 265 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.002 }
epochs: 30
seeds: [0]
conditions:
  adam: {}
  slow: { optimizer: { beta2: 0.99 } }
  adamw: { optimizer: { kind: adamw, beta2: 0.98 } }
  sgd: { optimizer: { kind: sgd, momentum: 0.5 } }
`;
  const parsed = parseStudy(text, 'others.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { study } = parsed;
  const store = openTestLab();
  const names = seriesNames(study.conditions[0].settings.probes);
  for (const run of store.runs.ensure(store.studies.save(study, 'others.yaml').id, study)) {
    store.runs.start(run.id, provenance);
    store.series.append(run.id, 0, names, columnsFrom(names, 0, 31));
    store.runs.finish(run.id, 1);
  }
  const folder = join(temporaryFolder(), 'out');
  const { notes } = exportStudyLog(store, { kind: 'study', id: 1 }, folder);
  expect(notes).toStrictEqual([expect.stringMatching(/names the optimizer \(adam, adamw, sgd\)/)]);
  const imported = importStudyLogs(openTestLab(), folder).study.study;
  expect(optimizersOf(imported)).toStrictEqual(optimizersOf(study));
  const wrong = join(temporaryFolder(), 'wrong');
  writeStudyLog(wrong, { ...referenceConfig, optimizer: { kind: 'adamax' } }, referenceLog('g0'));
  expect(refusal(() => importStudyLogs(openTestLab(), wrong)).message).toMatch(
    /config\.json:\d+ optimizer\.kind: must be .*adamw.*, got .*adamax/,
  );
});

test('a condition is named by its tag; by its tags without the seed; or by what sets it apart', () => {
  const log = '{"epoch":0,"test_acc":0.5}\n{"epoch":1,"test_acc":1}\n';
  const base = { ...referenceConfig, epochs: 1, window: null };
  const names = (configs: object[]): string[] => {
    const folder = temporaryFolder();
    for (const [index, config] of configs.entries()) writeStudyLog(join(folder, `run${index}`), config, log);
    const { runs } = importStudyLogs(openTestLab(), folder);
    return runs.map((run) => `${run.condition} ${run.seed}`);
  };
  expect(names([{ ...base, tag: 'control' }])).toEqual(['control 0']);
  expect(
    names([
      { ...base, tag: 'g0' },
      { ...base, tag: 'g12', seed: 12 },
    ]),
  ).toEqual(['g 0', 'g 12']);
  expect(
    names([
      { ...base, tag: 'eta=5', seed: 5 },
      { ...base, tag: 'eta=5', seed: 6 },
    ]),
  ).toEqual(['eta=5 5', 'eta=5 6']);
  expect(
    names([
      { ...base, tag: '' },
      { ...base, tag: '', eta: 0 },
    ]),
  ).toEqual(['eta=0.0002 0', 'eta=0 0']);
  expect(
    names([
      { ...base, tag: 'x' },
      { ...base, tag: 'x', K: 64 },
    ]),
  ).toEqual(['x K=2048 0', 'x K=64 0']);
  expect(
    names([
      { ...base, tag: 'a' },
      { ...base, tag: 'b' },
    ]),
  ).toEqual(['a 0', 'b 0']);
  expect(names([{ ...base, tag: undefined }])).toEqual(['base 0']);
});

test('logs that Python wrote with NaN and Infinity, gaps, and columns of their own are read', () => {
  const folder = temporaryFolder();
  const log =
    '{"epoch": 0, "test_loss": NaN, "mine": -Infinity}\n{"epoch": 2, "test_loss": Infinity, "mine": null}\n';
  writeStudyLog(folder, { ...referenceConfig, epochs: 2 }, log);
  const store = openTestLab();
  const { runs } = importStudyLogs(store, folder);
  expect(store.series.names(runs[0].id)).toEqual(['test.loss', 'imported.mine']);
  expect([...store.series.read(runs[0].id, 'test.loss')]).toEqual([Number.NaN, Number.NaN, Infinity]);
  expect([...store.series.read(runs[0].id, 'imported.mine')]).toEqual([-Infinity, Number.NaN, Number.NaN]);
});

test('a log that stops early is an interrupted run; a log imported again, or twice over, is skipped and says so', () => {
  const folder = temporaryFolder();
  writeStudyLog(join(folder, 'a'), referenceConfig, referenceLog('g0').split('\n').slice(0, 100).join('\n'));
  writeStudyLog(join(folder, 'b'), referenceConfig, referenceLog('g0'));
  const store = openTestLab();
  const first = importStudyLogs(store, folder);
  expect(first.runs).toMatchObject([
    { state: 'interrupted', rows: 100, problem: expect.stringContaining('epoch 99 of 400') },
  ]);
  expect(first.skipped).toEqual([
    { path: join(folder, 'b'), reason: `the same condition and seed as ${join(folder, 'a')}` },
  ]);
  const again = importStudyLogs(store, folder);
  expect(again.study).toEqual(first.study);
  expect(again.runs).toEqual([]);
  expect(again.skipped.map(({ reason }) => reason)).toEqual([
    'already in the lab as run 1 (interrupted)',
    `the same condition and seed as ${join(folder, 'a')}`,
  ]);
});

test('every wrong file, line and field is named at once, and nothing is imported', () => {
  const folder = temporaryFolder();
  const config = { ...referenceConfig, epochs: 3 };
  writeStudyLog(join(folder, 'good'), config, '{"epoch":0,"test_acc":0}\n');
  writeStudyLog(join(folder, 'json'), config, '{"epoch":0,"test_acc":0}\n{"epoch":1,"te\n');
  writeStudyLog(join(folder, 'value'), config, '{"epoch":0,"test_acc":"high"}\n');
  writeStudyLog(join(folder, 'epochs'), config, '{"epoch":0,"a":1}\n{"epoch":0,"a":1}\n{"epoch":4,"a":1}\n');
  writeStudyLog(join(folder, 'empty'), config, '');
  writeStudyLog(join(folder, 'bare'), config, '{"epoch":0}\n');
  writeStudyLog(
    join(folder, 'config'),
    `{\n "M": 71,\n "K": -1,\n "n_train": 9999\n}`,
    '{"epoch":0,"a":1}\n',
  );
  writeStudyLog(join(folder, 'list'), '[]', '{"epoch":0,"a":1}\n');
  writeStudyLog(join(folder, 'split'), { ...config, n_train: 5041 }, '{"epoch":0,"a":1}\n');
  const store = openTestLab();
  const found = refusal(() => importStudyLogs(store, folder));
  expect(found.code).toBe('import-invalid');
  for (const part of [
    'json/log.jsonl:2 is not JSON',
    'value/log.jsonl:1 test_acc: must be a number or null, got "high"',
    'epochs/log.jsonl:2 epoch: must be a whole number in 1..3',
    'epochs/log.jsonl:3 epoch: must be a whole number in 1..3, larger at every line, got 4',
    'empty/log.jsonl:1 is empty',
    'bare/log.jsonl:1 holds epochs, but no measured column',
    "config/config.json:3 K: must be the network's width, a whole number of 1 or more, got -1",
    'config/config.json:1 eta: is missing: add the weight decay, a number of 0 or more',
    'config/config.json:1 activation: is missing: add the activation, one of square, ',
    'list/config.json:1 must be an object with the fields M, K, n_train, eta, lr, epochs, seed',
    'split/config.json:1 n_train: must be less than M^2, the number of pairs, got 5041',
    'Nothing was imported',
  ]) {
    expect(found.message).toContain(part);
  }
  expect(found.message).not.toContain('good/');
  expect(store.studies.list()).toEqual([]);
});

test('what the lab cannot hold is refused through the study it would make', () => {
  const folder = temporaryFolder();
  writeStudyLog(folder, { ...referenceConfig, M: 2000, n_train: 5 }, '{"epoch":0,"test_acc":0}\n');
  const store = openTestLab();
  expect(refusal(() => importStudyLogs(store, folder))).toMatchObject({
    code: 'import-invalid',
    message: expect.stringMatching(/modulus.*2000/),
  });
  expect(store.studies.list()).toEqual([]);
});

test('a missing half of a study log, a bare log, an empty folder and no folder are refused with what a log is', () => {
  const store = openTestLab();
  const half = writeStudyLog(temporaryFolder(), referenceConfig, 'x');
  execFileSync('rm', [join(half, 'log.jsonl')]);
  expect(refusal(() => importStudyLogs(store, half)).message).toContain('log.jsonl: is missing');
  const bare = temporaryFolder();
  execFileSync('cp', ['test/fixtures/reference/g0.jsonl.gz', bare]);
  expect(refusal(() => importStudyLogs(store, bare)).message).toMatch(
    /g0\.jsonl\.gz has no config\.json.*log\.jsonl/,
  );
  expect(refusal(() => importStudyLogs(store, temporaryFolder())).message).toContain('holds no study logs');
  expect(refusal(() => importStudyLogs(store, '/nowhere/at/all')).message).toContain('is not a folder');
});

test('a log that breaks while it is stored leaves nothing behind', () => {
  // A full lab is a real failure in the middle of storing: the reference does not fit.
  const folder = temporaryFolder();
  writeStudyLog(join(folder, 'g0'), referenceConfig, referenceLog('g0'));
  const store = openTestLab();
  const limit = store.series.append.bind(store.series);
  let calls = 0;
  store.series.append = (...batch) => {
    calls += 1;
    limit(...batch);
    throw new Error('the process stumbles');
  };
  expect(() => importStudyLogs(store, folder)).toThrow('stumbles');
  expect(calls).toBe(1);
  expect(store.studies.list()).toEqual([]);
  expect(store.runs.list()).toEqual([]);
});
