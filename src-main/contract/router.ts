import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { Core } from '../core/core.ts';
import { eventStream } from './event-stream.ts';

/** What a connection lends to the calls that come over it. */
export interface ConnectionContext {
  /** Aborts when the connection closes, however that happens. */
  readonly gone: AbortSignal;
}

/** The contract, answered by a core. An operation that is missing here does not compile. */
export function createRouter(core: Core) {
  const lab = implement(contract).$context<ConnectionContext>();
  return lab.router({
    info: lab.info.handler(() => core.info()),
    presets: lab.presets.handler(() => core.presets()),
    doctor: lab.doctor.handler(({ input }) => core.doctor(input.measure)),
    hostReport: lab.hostReport.handler(() => core.hostReport()),
    events: lab.events.handler(({ input, context, signal }) =>
      eventStream(
        (listener) => core.subscribe(listener),
        input,
        signal ? [context.gone, signal] : [context.gone],
      ),
    ),

    checkStudy: lab.checkStudy.handler(({ input }) => core.checkStudy(input.text, input.file, input.engine)),
    createStudy: lab.createStudy.handler(({ input }) =>
      core.createStudy(input.text, input.file, input.overrides),
    ),
    listStudies: lab.listStudies.handler(({ input }) => core.listStudies(input)),
    getStudy: lab.getStudy.handler(({ input }) => core.getStudy(input.id)),
    startStudy: lab.startStudy.handler(({ input: { id, ...options } }) => core.startStudy(id, options)),
    pauseStudy: lab.pauseStudy.handler(({ input }) => core.pauseStudy(input.id)),
    cancelStudy: lab.cancelStudy.handler(({ input }) => core.cancelStudy(input.id)),
    deleteStudy: lab.deleteStudy.handler(({ input }) => core.deleteStudy(input.id)),
    restoreStudy: lab.restoreStudy.handler(({ input }) => core.restoreStudy(input.id)),
    tagStudy: lab.tagStudy.handler(({ input }) => core.tagStudy(input.id, input.tags)),
    annotateStudy: lab.annotateStudy.handler(({ input }) => core.annotateStudy(input.id, input.note)),
    setDetectors: lab.setDetectors.handler(({ input: { id, ...change } }) => core.setDetectors(id, change)),
    report: lab.report.handler(({ input }) => core.report(input.id)),

    listRuns: lab.listRuns.handler(({ input }) => core.listRuns(input)),
    runTable: lab.runTable.handler(({ input }) => core.runTable(input)),
    runColumns: lab.runColumns.handler(() => core.runColumns()),
    getRun: lab.getRun.handler(({ input }) => core.getRun(input.id)),
    runLog: lab.runLog.handler(({ input }) => core.runLog(input.id)),
    measureRun: lab.measureRun.handler(({ input }) => core.measureRun(input.id)),
    compareRuns: lab.compareRuns.handler(({ input }) => core.compareRuns(input.runIds)),
    cancelRun: lab.cancelRun.handler(({ input }) => core.cancelRun(input.id)),
    retryRun: lab.retryRun.handler(({ input }) => core.retryRun(input.id)),
    deleteRun: lab.deleteRun.handler(({ input }) => core.deleteRun(input.id)),
    restoreRun: lab.restoreRun.handler(({ input }) => core.restoreRun(input.id)),
    tagRun: lab.tagRun.handler(({ input }) => core.tagRun(input.id, input.tags)),
    deleteRuns: lab.deleteRuns.handler(({ input }) => core.deleteRuns(input.ids)),
    restoreRuns: lab.restoreRuns.handler(({ input }) => core.restoreRuns(input.ids)),
    tagRuns: lab.tagRuns.handler(({ input }) => core.tagRuns(input.ids, input.add, input.remove)),
    cancelRuns: lab.cancelRuns.handler(({ input }) => core.cancelRuns(input.ids)),
    retryRuns: lab.retryRuns.handler(({ input }) => core.retryRuns(input.ids)),
    listDeleted: lab.listDeleted.handler(() => core.listDeleted()),
    annotateRun: lab.annotateRun.handler(({ input }) => core.annotateRun(input.id, input.note)),

    seriesNames: lab.seriesNames.handler(({ input }) => core.seriesNames(input.runId)),
    series: lab.series.handler(({ input }) => core.series(input)),
    bands: lab.bands.handler(({ input }) => core.bands(input)),
    probeEpochs: lab.probeEpochs.handler(({ input }) => core.probeEpochs(input.runId)),
    probe: lab.probe.handler(({ input }) => core.probe(input.runId, input.epoch)),
    replay: lab.replay.handler(({ input }) => core.replay(input.runId, input.epoch)),

    matrixState: lab.matrixState.handler(({ input }) => core.matrixState(input)),
    prepareMatrix: lab.prepareMatrix.handler(({ input }) => core.prepareMatrix(input)),
    cancelMatrix: lab.cancelMatrix.handler(({ input }) => core.cancelMatrix(input)),
    matrixTile: lab.matrixTile.handler(({ input }) => core.matrixTile(input)),
    matrixPair: lab.matrixPair.handler(({ input }) => core.matrixPair(input)),

    exportTables: lab.exportTables.handler(({ input: { target, format, folder, force } }) =>
      core.exportTables(target, format, folder, force),
    ),
    exportLab: lab.exportLab.handler(({ input }) => core.exportLab(input.target, input.file, input.force)),
    importFrom: lab.importFrom.handler(({ input }) => core.importFrom(input.path)),
  });
}

export type LabRouter = ReturnType<typeof createRouter>;
