import os from 'node:os';
import path from 'node:path';
import type { EngineChoice, LabInfo, StudySummary } from '#shared/models/lab.ts';
import { problem } from '#shared/models/problem.ts';
import type { Study } from '#shared/models/study.ts';
import { buildReport } from '#shared/report/build-report.ts';
import { measureRun } from '#shared/report/measure-run.ts';
import type { LabStore } from '../store/lab-store.ts';
import { appVersion } from '../version.ts';
import { checkStudy, readStudyText } from './check-study.ts';
import type { Core } from './core.ts';
import { EventHub } from './event-hub.ts';
import { exportLab } from '../exchange/export-lab.ts';
import type { LabExportTarget } from '../exchange/export-lab.ts';
import { exporters } from './export-target.ts';
import { importFrom } from './import-from.ts';
import { enginesByPreference, inspectEngine, resolveEngine } from './inspect-engines.ts';
import { measuredRun, measuredRuns } from './measured-runs.ts';
import { patience } from './patience.ts';
import { readPresets } from './presets.ts';
import { readSeries } from './read-series.ts';
import { replayProbe } from './replay-probe.ts';
import { listRuns } from './run-summaries.ts';
import { Scheduler } from './scheduler.ts';
import { setTags } from './set-tags.ts';
import { listStudies, studyDetail, studySummary } from './study-summaries.ts';
import type { Trainers } from './trainers.ts';

export interface CoreDependencies {
  /** Owned from now on: `close` closes it. */
  readonly store: LabStore;
  readonly trainers: Trainers;
  /** Runs trained at once; one a core when not given. */
  readonly workers?: number;
  /** Milliseconds, never running back. */
  readonly clock?: () => number;
  /** Called with what a listener threw. */
  readonly onBug?: (error: unknown) => void;
}

/** What a host has besides the operations that its clients see. */
export interface LocalCore extends Core {
  /** `createStudy` for one that was parsed already. */
  addStudy(study: Study, file: string): StudySummary;
  /** By name, the beginning of one, or id. */
  findStudy(name: string): StudySummary;
  /** Resolves when the study trains no more; rejects with what stopped it when the lab could not be written. */
  settled(studyId: number): Promise<void>;
  /** Starts again every study that was training when the lab was last closed or its host died. @returns their names */
  recover(): Promise<readonly string[]>;
}

/** The lab over a store and a way to start trainers. */
export function createCore(dependencies: CoreDependencies): LocalCore {
  const { store, trainers } = dependencies;
  const workers = dependencies.workers ?? os.availableParallelism();
  const hub = new EventHub(dependencies.onBug ?? (() => undefined));
  const scheduler = new Scheduler({
    store,
    trainers,
    workers,
    clock: dependencies.clock ?? (() => performance.now()),
    patience: (run, probing) => patience(run.settings, probing),
    emit: hub.emit,
  });
  const info: LabInfo = {
    path: store.path,
    appVersion,
    readOnly: store.readOnly,
    workers,
    recovered: store.recovered,
  };

  function changed(studyId: number): void {
    hub.emit({ type: 'studies', studyId });
  }

  function runChanged(id: number): void {
    const run = store.runs.get(id);
    hub.emit({ type: 'run', runId: id, studyId: run.studyId, state: run.state, problem: run.problem });
  }

  async function startStudy(id: number, { engine }: { readonly engine: EngineChoice }): Promise<void> {
    requireWriter();
    const { study } = store.studies.get(id);
    const report = await resolveEngine(trainers, engine);
    store.runs.ensure(id, study);
    store.studies.setTraining(id, report.engine);
    scheduler.start(id, report);
  }

  function addStudy(study: Study, file: string): StudySummary {
    requireWriter();
    const { id } = store.studies.save(study, path.basename(file));
    store.runs.ensure(id, study);
    changed(id);
    return studySummary(store, scheduler, store.studies.get(id));
  }

  function requireWriter(): void {
    if (!store.readOnly) return;
    throw problem('lab-read-only', `${store.path} is open read-only here: another program is its writer.`);
  }

  return {
    info: () => info,
    presets: readPresets,
    doctor: (measure) =>
      Promise.all(enginesByPreference.map((engine) => inspectEngine(trainers, engine, measure))),

    checkStudy: (text, file) => checkStudy(store, workers, text, file),
    createStudy: (text, file) => addStudy(readStudyText(text, file), file),
    addStudy,
    findStudy: (name) => studySummary(store, scheduler, store.studies.find(name)),
    listStudies: (filter) => listStudies(store, scheduler, filter),
    getStudy: (id) => studyDetail(store, scheduler, store.studies.get(id)),
    startStudy,
    async pauseStudy(id) {
      store.studies.get(id);
      store.studies.setTraining(id, null);
      await scheduler.pause(id);
    },
    async cancelStudy(id) {
      store.studies.get(id);
      store.studies.setTraining(id, null);
      await scheduler.cancel(id);
    },
    async deleteStudy(id) {
      store.studies.setTraining(id, null);
      await scheduler.pause(id);
      store.studies.delete(id);
      changed(id);
    },
    restoreStudy(id) {
      store.studies.undelete(id);
      changed(id);
    },
    tagStudy(id, tags) {
      setTags(
        store.studies.get(id).tags,
        tags,
        (tag) => store.studies.tag(id, tag),
        (tag) => store.studies.untag(id, tag),
      );
      changed(id);
    },
    annotateStudy(id, note) {
      store.studies.get(id);
      store.studies.annotate(id, note);
      changed(id);
    },
    report: (id) => buildReport(store.studies.get(id).study, measuredRuns(store, id)),

    listRuns: (filter) => listRuns(store, filter),
    getRun: (id) => store.table.row(id),
    measureRun(id) {
      const run = store.runs.get(id);
      return measureRun(store.studies.get(run.studyId).study, measuredRun(store, run));
    },
    cancelRun: (id) => scheduler.cancelRun(id),
    async retryRun(id) {
      requireWriter();
      const run = store.runs.get(id);
      if (run.state === 'finished' || run.state === 'running') {
        throw problem(
          'bad-argument',
          `Run ${id} is ${run.state}; only a run that failed or was stopped can be retried.`,
        );
      }
      const engine = await resolveEngine(trainers, run.provenance?.engine ?? 'auto');
      store.studies.setTraining(run.studyId, engine.engine);
      scheduler.retry(run, engine);
    },
    async deleteRun(id) {
      if (store.runs.get(id).state === 'running') await scheduler.cancelRun(id);
      const { studyId } = store.runs.get(id);
      store.runs.delete(id);
      changed(studyId);
    },
    restoreRun(id) {
      changed(store.runs.undelete(id).studyId);
    },
    tagRun(id, tags) {
      setTags(
        store.runs.tags(id),
        tags,
        (tag) => store.runs.tag(id, tag),
        (tag) => store.runs.untag(id, tag),
      );
      runChanged(id);
    },
    annotateRun(id, note) {
      store.runs.annotate(id, note);
      runChanged(id);
    },

    seriesNames: (runId) => store.series.names(runId),
    series: (query) => readSeries(store, query),
    probeEpochs: (runId) => store.probes.epochs(runId),
    probe(runId, epoch) {
      const found = store.probes.list(runId).find((probe) => probe.epoch === epoch);
      if (found) return found;
      const epochs = store.probes.epochs(runId);
      throw problem(
        'not-found',
        `Run ${runId} has no probe at epoch ${epoch}; it has ${epochs.join(', ') || 'none'}.`,
      );
    },
    async replay(runId, epoch) {
      const run = store.runs.get(runId);
      const { engine } = await resolveEngine(trainers, run.provenance?.engine ?? 'auto');
      return replayProbe({ store, trainers }, run, engine, epoch);
    },

    exportTables: (target, format, folder, force) => exporters[format](store, target, folder, { force }),
    exportLab(target, file) {
      exportLab(store, labTarget(target), file);
    },
    importFrom(from) {
      requireWriter();
      const imported = importFrom(store, from);
      for (const id of imported.studyIds) changed(id);
      return imported;
    },

    subscribe: hub.subscribe,
    settled: (studyId) => scheduler.settled(studyId),
    async recover() {
      if (store.readOnly) return [];
      const training = store.studies.list().filter((record) => record.training !== null);
      for (const { id, training: engine } of training) await startStudy(id, { engine: engine ?? 'auto' });
      return training.map(({ name }) => name);
    },
    async close() {
      await scheduler.close();
      store.close();
    },
  };
}

/** @throws bad-argument for a run or study without its number */
function labTarget({
  kind,
  id,
}: {
  readonly kind: 'study' | 'run' | 'lab';
  readonly id?: number;
}): LabExportTarget {
  if (kind === 'lab') return { kind };
  if (id === undefined) throw problem('bad-argument', `To export a ${kind} name it by its number.`);
  return { kind, id };
}
