import { createHash } from 'node:crypto';
import type { Run } from '#shared/models/run.ts';
import { trainingIdentity } from '#shared/study/training-identity.ts';
import type { LabStore } from './lab-store.ts';
import { runDigest } from './run-digest.ts';

/**
 * SHA-256 (hex) of what a run or a study is, wherever it is kept: condition, settings, seed, provenance, and the bits of every series
 * and probe. Two runs with the same hash hold the same numbers from the same source. Left out is what does not change them: ids, dates,
 * seconds, states, tags, notes; for a study also its name, text and detectors, so that a copy under another name is known.
 * @throws not-found when there is no such run or study
 */
export function contentHash(
  store: LabStore,
  target: { readonly kind: 'run' | 'study'; readonly id: number },
): string {
  if (target.kind === 'run') return runHash(store, store.runs.get(target.id));
  const hash = createHash('sha256').update(store.studies.get(target.id).identity);
  const runs = store.runs.list({ studyId: target.id }).map((run) => runHash(store, run));
  for (const run of runs.toSorted()) hash.update(run);
  return hash.digest('hex');
}

function runHash(store: LabStore, run: Run): string {
  const from = run.provenance;
  const provenance =
    from === null
      ? null
      : [from.engine, from.engineVersion, from.threads, from.platform, from.nodeVersion, from.appVersion];
  const digest = runDigest(store.database, store.series, run.id);
  return createHash('sha256')
    .update(trainingIdentity([{ name: run.condition, settings: run.settings }]))
    .update(JSON.stringify([run.seed, provenance]))
    .update(digest.series)
    .update(digest.probes)
    .digest('hex');
}
