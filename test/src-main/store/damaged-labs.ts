import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { contentHash } from '#main/store/content-hash.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { openTestLab, temporaryFolder, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance, testRepulsion } from './store-values.ts';
import { seriesNames } from '#shared/models/series.ts';

/** What a lab holds of a run, to compare with what is left of it. */
export interface RunContent {
  readonly state: string;
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  readonly probes: readonly RepulsionResult[];
  readonly hash: string;
}

/** By study, condition and seed. */
export type LabContent = ReadonlyMap<string, RunContent>;

export function contentOf(store: LabStore): LabContent {
  const studies = new Map(store.studies.list().map(({ id, name }) => [id, name]));
  return new Map(
    store.runs.list().map((run) => {
      const names = store.series.names(run.id);
      return [
        `${studies.get(run.studyId)}, ${run.condition}, seed ${run.seed}`,
        {
          state: run.state,
          names,
          columns: store.series.readMany(run.id, names),
          probes: store.probes.list(run.id),
          hash: contentHash(store, { kind: 'run', id: run.id }),
        },
      ];
    }),
  );
}

/** A closed lab of two studies: finished runs with probes, an interrupted one with a snapshot, a queued one, tags and notes. */
export async function sampleLab(): Promise<{ path: string; content: LabContent }> {
  const store = openTestLab();
  for (const name of ['Small', 'Other']) {
    const study = testStudy({ name, epochs: 300, late: '[200, 300]' });
    const runs = store.runs.ensure(store.studies.save(study, `${name}.yaml`).id, study);
    const names = seriesNames(study.conditions[0].settings.probes);
    for (const [index, run] of runs.slice(0, 3).entries()) {
      store.runs.start(run.id, provenance);
      store.series.append(run.id, 0, names, columnsFrom(names, run.id * 1000, index === 2 ? 120 : 301));
      for (const epoch of [0, 50]) store.probes.save(run.id, testRepulsion(epoch));
      if (index === 2) {
        for (const step of [97, 98, 99, 100]) {
          for (const number of [0, 1])
            store.snapshots.saveUpdatePart(run.id, step, number, new Uint8Array(3000).fill(step));
        }
        await store.snapshots.save(run.id, 100, { at: 100, updates: 3 }, new Uint8Array(6000).fill(9), 97);
        store.runs.interrupt(run.id, 'Stopped.');
      } else {
        store.runs.finish(run.id, 1);
      }
    }
    store.runs.tag(runs[0].id, 'best');
    store.studies.annotate(runs[0].studyId, 'For the appendix');
  }
  const content = contentOf(store);
  store.close();
  return { path: store.path, content };
}

/** A copy of a file with its bytes changed. */
export function damagedCopy(path: string, damage: (bytes: Buffer) => Buffer | void): string {
  const copy = join(temporaryFolder(), 'damaged.lab');
  copyFileSync(path, copy);
  const bytes = readFileSync(copy);
  writeFileSync(copy, damage(bytes) ?? bytes);
  return copy;
}

/** mulberry32: reproducible whole numbers below `limit`. */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
