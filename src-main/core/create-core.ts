import os from 'node:os';
import path from 'node:path';
import type { LabInfo } from '#shared/models/lab.ts';
import { problem } from '#shared/models/problem.ts';
import type { Run } from '#shared/models/run.ts';
import { buildReport } from '#shared/report/build-report.ts';
import { compareRuns } from '#shared/report/compare-runs.ts';
import { measureRun } from '#shared/report/measure-run.ts';
import type { ReportRun } from '#shared/report/report.ts';
import type { LabStore } from '../store/lab-store.ts';
import { appVersion } from '../version.ts';
import { BandBook } from './band-book.ts';
import { checkStudy, readStudyText } from './check-study.ts';
import type { Core } from './core.ts';
import { EventHub } from './event-hub.ts';
import { exportLab } from '../exchange/export-lab.ts';
import type { LabExportTarget } from '../exchange/export-lab.ts';
import { examineEngines } from './examine-engines.ts';
import { exporters } from './export-target.ts';
import { importFrom } from './import-from.ts';
import { resolveEngine } from './inspect-engines.ts';
import { keepHouse } from './keep-house.ts';
import { machineSpeed, type Speed } from './machine-speed.ts';
import { measuredRun, measuredRuns } from './measured-runs.ts';
import { type Patience, patience } from './patience.ts';
import { readPresets } from './presets.ts';
import { readSeries } from './read-series.ts';
import { replayProbe } from './replay-probe.ts';
import { MatrixBook } from './matrix-book.ts';
import { hostReport } from './host-report.ts';
import { resumeTraining } from './resume-training.ts';
import { RunIndex } from './run-index.ts';
import { listRuns } from './run-summaries.ts';
import { Scheduler } from './scheduler.ts';
import { setDetectors } from './set-detectors.ts';
import { setTags } from './set-tags.ts';
import { listStudies, studyDetail, studySummary } from './study-summaries.ts';
import { TrainingStarts } from './training-starts.ts';
import { trackTrainers } from './tracked-trainers.ts';
import type { Trainers } from './trainers.ts';
import { watchTrainers } from './watched-trainers.ts';

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
  /** From the size of the work when not given. */
  readonly patience?: Patience;
}

/** What a host has besides the operations that its clients see. */
export interface LocalCore extends Core {
  /** Resolves when the study trains no more; rejects with what stopped it when the lab could not be written. */
  settled(studyId: number): Promise<void>;
  /**
   * For a host that stays: keeps the lab's house (`keep-house.ts`), and starts again every study, and every run retried by itself, that was
   * training when the lab was last closed or its host died. @returns their names
   */
  recover(): Promise<readonly string[]>;
  /** Tells whoever has the lab open what the host has to say. */
  notice(level: 'info' | 'warning' | 'error', message: string): void;
  /** One more engine can be had: what was known of it is looked up again. */
  engineCame(): void;
}

/** The lab over a store and a way to start trainers. */
export function createCore(dependencies: CoreDependencies): LocalCore {
  const { store } = dependencies;
  const { trainers, killAll } = trackTrainers(
    watchTrainers(dependencies.trainers, dependencies.patience ?? patience),
  );
  const workers = dependencies.workers ?? os.availableParallelism();
  const hub = new EventHub(dependencies.onBug ?? (() => undefined));
  const scheduler = new Scheduler({
    store,
    trainers,
    workers,
    clock: dependencies.clock ?? (() => performance.now()),
    emit: hub.emit,
  });
  const starts = new TrainingStarts({ store, trainers, scheduler, emit: hub.emit });
  const matrices = new MatrixBook({ store, trainers, emit: hub.emit });
  const bands = new BandBook(store);
  const speeds = machineSpeed(trainers);
  const info: LabInfo = {
    path: store.path,
    appVersion,
    readOnly: store.readOnly,
    workers,
    recovered: store.recovered,
    upgraded: store.upgraded,
  };

  const index = new RunIndex(store, (studyIds) => {
    for (const id of studyIds) changed(id);
  });
  let stopHouse: (() => Promise<void>) | null = null;
  let closed = false;

  function measured(run: Run): ReportRun {
    return measureRun(store.studies.get(run.studyId).study, measuredRun(store, run));
  }

  function changed(studyId: number): void {
    hub.emit({ type: 'studies', studyId });
  }

  function runChanged(id: number): void {
    const run = store.runs.get(id);
    hub.emit({ type: 'run', runId: id, studyId: run.studyId, state: run.state, problem: run.problem });
  }

  /** Changes all of these runs or none, and tells it once a study. */
  function changedRuns(ids: readonly number[], change: (id: number) => void): void {
    requireWriter();
    const studies = new Set<number>();
    store.transaction(() => {
      for (const id of ids) {
        change(id);
        studies.add(store.runs.studyOf(id));
      }
    });
    for (const studyId of studies) changed(studyId);
  }

  function requireWriter(): void {
    if (!store.readOnly) return;
    throw problem('lab-read-only', `${store.path} is open read-only here: another program is its writer.`);
  }

  return {
    info: () => info,
    presets: readPresets,
    doctor: (measure) => examineEngines(trainers, { measure }),

    hostReport: () => hostReport(store.path, workers),

    checkStudy: (text, file, engine = 'auto') => {
      // While runs train, they are what would be measured.
      const speed = (): Speed => (closed || scheduler.busy ? null : speeds.of(engine));
      return checkStudy(store, { workers, memory: os.totalmem(), speed }, text, file);
    },
    createStudy(text, file, overrides = []) {
      requireWriter();
      const { study } = readStudyText(text, file, overrides);
      const { id } = store.studies.save(study, path.basename(file));
      store.runs.ensure(id, study);
      changed(id);
      return studySummary(store, scheduler, store.studies.get(id));
    },
    listStudies: (filter) => listStudies(store, scheduler, filter),
    getStudy: (id) => studyDetail(store, scheduler, store.studies.get(id)),
    async startStudy(id, { engine }) {
      requireWriter();
      await starts.study(id, engine);
    },
    async pauseStudy(id) {
      starts.leave(id);
      await scheduler.pause(id);
    },
    async cancelStudy(id) {
      starts.leave(id);
      await scheduler.cancel(id);
    },
    async deleteStudy(id) {
      starts.leave(id);
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
    setDetectors(id, change) {
      requireWriter();
      const { changed: isChanged, textDiffers } = setDetectors(store, id, change);
      if (isChanged) changed(id);
      if (textDiffers !== null) hub.emit({ type: 'notice', level: 'warning', message: textDiffers });
      return studyDetail(store, scheduler, store.studies.get(id));
    },
    report: (id) => buildReport(store.studies.get(id).study, measuredRuns(store, id)),

    listRuns: (filter) => listRuns(store, filter),
    runTable: (query) => index.table(query),
    runColumns: () => index.columns(),
    getRun: (id) => store.table.row(id),
    runLog: (id) => store.runs.log(id),
    measureRun: (id) => measured(store.runs.get(id)),
    compareRuns: (runIds) =>
      compareRuns(runIds.map((id) => store.runs.get(id)).map((run) => ({ run, measured: measured(run) }))),
    async cancelRun(id) {
      starts.leaveRuns([id]);
      await scheduler.cancelRun(id);
    },
    async retryRun(id) {
      requireWriter();
      const run = store.runs.get(id);
      if (run.state === 'finished' || run.state === 'running') {
        throw problem(
          'bad-argument',
          `Run ${id} is ${run.state}; only a run that failed or was stopped can be retried.`,
        );
      }
      await starts.run(id, run.provenance?.engine ?? 'auto');
    },
    async cancelRuns(ids) {
      starts.leaveRuns(ids);
      for (const id of ids) await scheduler.cancelRun(id);
    },
    async retryRuns(ids) {
      requireWriter();
      await starts.runs(ids);
    },
    async deleteRuns(ids) {
      starts.leaveRuns(ids);
      for (const id of ids) await scheduler.withdraw(id);
      changedRuns(ids, (id) => store.runs.delete(id));
    },
    restoreRuns: (ids) => changedRuns(ids, (id) => void store.runs.undelete(id)),
    tagRuns: (ids, add, remove) =>
      changedRuns(ids, (id) => {
        for (const tag of remove) store.runs.untag(id, tag);
        for (const tag of add) store.runs.tag(id, tag);
      }),
    listDeleted: () => store.listDeleted(),
    async deleteRun(id) {
      const { studyId } = store.runs.get(id);
      starts.leaveRuns([id]);
      await scheduler.withdraw(id);
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
    bands: (query) => bands.read(query),
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

    matrixState: (query) => matrices.state(query),
    prepareMatrix: (query) => matrices.prepare(query),
    cancelMatrix: (query) => matrices.cancel(query),
    matrixTile: (query) => matrices.tile(query),
    matrixPair: (query) => matrices.pair(query),

    exportTables(target, format, folder, force) {
      const written = exporters[format](store, target, folder, { force });
      for (const message of written.notes) hub.emit({ type: 'notice', level: 'warning', message });
      return written;
    },
    exportLab(target, file, force = false) {
      exportLab(store, labTarget(target), file, { force });
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
      await stopHouse?.();
      stopHouse = keepHouse(store, (message) => hub.emit({ type: 'notice', level: 'warning', message }));
      return resumeTraining(store, hub.emit, {
        // What failed or was cancelled stays so until a person starts it again.
        beginStudy: (id, engine) => starts.study(id, engine, ['queued', 'interrupted']),
        beginRun: (id, engine) => starts.run(id, engine),
      });
    },
    notice: (level, message) => hub.emit({ type: 'notice', level, message }),
    engineCame() {
      speeds.forgetMissing();
      hub.emit({ type: 'engines' });
    },
    async close() {
      closed = true;
      starts.close();
      const stopped = scheduler.close();
      killAll();
      await Promise.all([stopped, stopHouse?.()]);
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
