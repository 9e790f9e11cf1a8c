import type { Run } from '#shared/models/run.ts';
import { type OptimizerSettings, kindSettings } from '#shared/science/optimizer-settings.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { type ExportOptions, type ExportResult, type ExportTarget, exportedRuns } from './export-target.ts';
import { jsonNumber } from './number-text.ts';
import { writeOutput, writeText } from './output.ts';
import { impliedOptimizer } from './read-log-config.ts';
import { columnsOfSeries } from './study-log-columns.ts';

/**
 * A folder a run, `CONDITION-seedN`, with `log.jsonl` and `config.json` as the study's own script writes them, so that its
 * figures can be drawn from our runs. A column that was not measured at an epoch is left out of its line.
 */
export function exportStudyLog(
  store: LabStore,
  target: ExportTarget,
  folder: string,
  options: ExportOptions = {},
): ExportResult {
  const { runs } = exportedRuns(store, target);
  const folders = runFolders(runs);
  const names = folders.flatMap((name) => [`${name}/config.json`, `${name}/log.jsonl`]);
  const files = writeOutput(folder, names, options, (pathOf) => {
    for (const [index, run] of runs.entries()) {
      writeText(pathOf(`${folders[index]}/config.json`), [configText(run)]);
      writeText(pathOf(`${folders[index]}/log.jsonl`), logLines(store, run));
    }
  });
  return { files, rows: runs.reduce((sum, run) => sum + run.rows, 0), notes: optimizerNotes(runs) };
}

/** Exactly the keys the study's scripts read; an optimizer that is not theirs has one more, so that no import takes it for adam. */
function configText(run: Run): string {
  const { task, split, network, optimizer, epochs, probes } = run.settings;
  const config = {
    M: task.modulus,
    K: network.width,
    n_train: split.train,
    eta: optimizer.weightDecay,
    lr: optimizer.learningRate,
    epochs,
    seed: run.seed,
    window: probes.spectrum?.window ?? null,
    activation: network.activation,
    tag: run.condition,
    ...(isOurs(optimizer) ? { optimizer: kindSettings(optimizer) } : {}),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function* logLines(store: LabStore, run: Run): Generator<string> {
  const columns = columnsOfRun(store, run);
  const rows = columns[0]?.values.length ?? 0;
  for (let epoch = 0; epoch < rows; epoch += 1) {
    let line = `{"epoch":${epoch}`;
    for (const { column, values } of columns) {
      const value = values[epoch] ?? Number.NaN;
      if (!Number.isNaN(value)) line += `,${JSON.stringify(column)}:${jsonNumber(value)}`;
    }
    yield `${line}}\n`;
  }
}

interface LogColumn {
  readonly column: string;
  readonly values: Float64Array;
}

function columnsOfRun(store: LabStore, run: Run): LogColumn[] {
  const stored = store.series.names(run.id);
  const columns = columnsOfSeries(stored);
  const values = store.series.readMany(
    run.id,
    columns.map(({ series }) => series),
  );
  const read = columns.map(({ column }, index) => ({ column, values: values[index] ?? new Float64Array(0) }));
  const diagonal = read.findIndex(({ column }) => column === 'ftf_diag');
  if (diagonal < 0 || stored.includes('kernel.diagonal')) return read;
  const scale = run.settings.network.width / run.settings.split.train;
  const derived = {
    column: 'fft_diag',
    values: read[diagonal]?.values.map((value) => value * scale) ?? new Float64Array(0),
  };
  const place = read.findLastIndex(({ column }) => column.startsWith('ftf_')) + 1;
  return read.toSpliced(place, 0, derived);
}

/** A condition's name with what a file system may refuse replaced; a number is added where two become the same. */
function runFolders(runs: readonly Run[]): string[] {
  const taken = new Set<string>();
  return runs.map((run) => {
    const wanted = `${run.condition.replaceAll(/[^\p{L}\p{N}._=+-]+/gu, '_').replace(/^\.+/, '_')}-seed${run.seed}`;
    let name = wanted;
    for (let copy = 2; taken.has(name.toLowerCase()); copy += 1) name = `${wanted}-${copy}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Whether an optimizer is another than the study's scripts have. */
function isOurs(optimizer: OptimizerSettings): boolean {
  return JSON.stringify(kindSettings(optimizer)) !== JSON.stringify(impliedOptimizer);
}

function optimizerNotes(runs: readonly Run[]): string[] {
  const ours = runs.map(({ settings }) => settings.optimizer).filter(isOurs);
  const kinds = [...new Set(ours.map(({ kind }) => kind))];
  if (kinds.length === 0) return [];
  return [
    `config.json names the optimizer (${kinds.join(', ')}) in a key that only Grokscope reads: to the study's own scripts these runs are of adam with its usual betas.`,
  ];
}
