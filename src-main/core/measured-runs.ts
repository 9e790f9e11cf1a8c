import type { MeasuredRun } from '#shared/report/measured-run.ts';
import type { Run } from '#shared/models/run.ts';
import type { LabStore } from '../store/lab-store.ts';

/** The runs of a study as the report reads them; series come from the store when asked for. */
export function measuredRuns(store: LabStore, studyId: number): MeasuredRun[] {
  return store.runs.list({ studyId }).map((run) => measuredRun(store, run));
}

export function measuredRun(store: LabStore, run: Run): MeasuredRun {
  const names = new Set(store.series.names(run.id));
  return {
    id: run.id,
    condition: run.condition,
    seed: run.seed,
    state: run.state,
    engine: run.provenance?.engine ?? null,
    epochs: run.settings.epochs,
    seconds: run.seconds,
    problem: run.problem,
    series: (name) => (names.has(name) ? store.series.read(run.id, name) : null),
    repulsion: store.probes.list(run.id),
  };
}
