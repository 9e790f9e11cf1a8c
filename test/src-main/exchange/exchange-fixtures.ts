import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { seriesNames } from '#shared/models/series.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { openTestLab, testStudy } from '../store/lab-fixtures.ts';
import { columnsFrom, provenance, testRepulsion } from '../store/store-values.ts';

/** Settings of the reference runs in test/fixtures/reference/README.md. */
export const referenceConfig = {
  M: 71,
  K: 2048,
  n_train: 2016,
  eta: 0.0002,
  lr: 0.001,
  epochs: 400,
  seed: 0,
  window: 20,
  activation: 'square',
  tag: 'grokking',
};

export function referenceLog(name: string): string {
  return gunzipSync(readFileSync(join('test/fixtures/reference', `${name}.jsonl.gz`))).toString('utf8');
}

export function writeStudyLog(folder: string, config: object | string, log: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  writeFileSync(join(folder, 'log.jsonl'), log);
  return folder;
}

/** A lab with a study of 2 conditions x 2 seeds: three runs with rows (one interrupted), one queued, probes in one. */
export function labWithRows(): LabStore {
  const store = openTestLab();
  const study = testStudy({ name: '"Two, \\"quoted\\" names"', epochs: 300, late: '[200, 300]' });
  const runs = store.runs.ensure(store.studies.save(study, 'a.yaml').id, study);
  const names = seriesNames(study.conditions[0].settings.probes);
  for (const [index, run] of runs.slice(0, 3).entries()) {
    store.runs.start(run.id, provenance);
    const columns = columnsFrom(names, index * 1000, index === 2 ? 120 : 301);
    store.series.append(run.id, 0, names, columns);
    if (index === 2) store.runs.interrupt(run.id, 'Stopped.');
    else store.runs.finish(run.id, 1);
  }
  for (const epoch of [0, 50]) store.probes.save(runs[0].id, testRepulsion(epoch));
  return store;
}

/** Every file below a folder with its text, by relative path. */
export function tree(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]),
  );
}
