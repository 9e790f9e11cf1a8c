import type {
  ConditionBand,
  EngineChoice,
  EngineReport,
  ReplayedProbe,
  StudyCheck,
  LabEvent,
  LabInfo,
  Preset,
  RunSummary,
  SeriesWindow,
  StudyDetail,
  StudySummary,
} from '#shared/models/lab.ts';
import type {
  MatrixPair,
  MatrixQuery,
  MatrixState,
  MatrixTile,
  PairQuery,
  PreparedMatrix,
  TileQuery,
} from '#shared/models/matrix.ts';
import type { HostReport } from '#shared/models/host-report.ts';
import type { RunState } from '#shared/models/run.ts';
import type { RunLogEntry } from '#shared/models/run-log.ts';
import type { DeletedItem, RunColumnInfo, RunTable, RunTableQuery } from '#shared/models/run-table.ts';
import type { Comparison } from '#shared/report/compare-runs.ts';
import type { Report, ReportRun } from '#shared/report/report.ts';
import type { ScoringChange } from '#shared/study/change-scoring.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';

export interface RunFilter {
  readonly studyId?: number;
  /** Matches condition, study name, tags and note. */
  readonly search?: string;
  readonly states?: readonly RunState[];
  readonly sort?: {
    readonly by: 'id' | 'study' | 'condition' | 'seed' | 'state' | 'rows' | 'seconds' | 'testAccuracy';
    readonly descending: boolean;
  };
  readonly offset?: number;
  readonly limit?: number;
}

export interface SeriesQuery {
  readonly runIds: readonly number[];
  readonly name: string;
  /** First and last epoch, both included. */
  readonly range?: readonly [number, number];
  /** Most points wanted of a run: it is cut to minima and maxima of equal stretches of epochs. */
  readonly points?: number;
}

export interface BandQuery {
  readonly studyId: number;
  /** Of the series. */
  readonly name: string;
  /** All of the study's when absent; names it does not have are left out. */
  readonly conditions?: readonly string[];
}

/** The lab, whatever hosts it. Expected failures throw ProblemError; ids that do not exist are `not-found`. */
export interface Core {
  info(): LabInfo;
  presets(): readonly Preset[];
  doctor(measure: boolean): Promise<readonly EngineReport[]>;
  hostReport(): HostReport;

  /** The time is that of this engine. */
  checkStudy(text: string, file: string, engine?: EngineChoice): StudyCheck;
  /** Saves the study and its missing runs, queued; nothing trains until `startStudy`. */
  createStudy(text: string, file: string, overrides?: readonly string[]): StudySummary;
  listStudies(filter: { readonly search?: string; readonly deleted?: boolean }): readonly StudySummary[];
  getStudy(id: number): StudyDetail;
  /** Trains exactly the cells that are not finished, from where the store has them. */
  startStudy(id: number, options: { readonly engine: EngineChoice }): Promise<void>;
  /** Its running runs stop where they are and wait; nothing is lost. */
  pauseStudy(id: number): Promise<void>;
  /** Its queued and running runs become cancelled. */
  cancelStudy(id: number): Promise<void>;
  /** Gone from every list; `restoreStudy` brings it back for 30 days. */
  deleteStudy(id: number): Promise<void>;
  restoreStudy(id: number): void;
  tagStudy(id: number, tags: readonly string[]): void;
  annotateStudy(id: number, note: string): void;
  /** Its runs are scored anew, nothing is trained. @returns the study as it is now */
  setDetectors(id: number, change: ScoringChange): StudyDetail;
  report(studyId: number): Report;

  listRuns(filter: RunFilter): { readonly total: number; readonly runs: readonly RunSummary[] };
  /** Every run that fits a filter, as columns. */
  runTable(query: RunTableQuery): RunTable;
  runColumns(): readonly RunColumnInfo[];
  getRun(id: number): RunSummary;
  /** What the run became, and when and why, oldest first. */
  runLog(id: number): readonly RunLogEntry[];
  /** Detector epochs, intervals, late value, final accuracies under the study's current detectors. */
  measureRun(id: number): ReportRun;
  /** Runs of any studies side by side. */
  compareRuns(runIds: readonly number[]): Comparison;
  cancelRun(id: number): Promise<void>;
  retryRun(id: number): Promise<void>;
  deleteRun(id: number): Promise<void>;
  restoreRun(id: number): void;
  tagRun(id: number, tags: readonly string[]): void;
  /** All of them or none. */
  deleteRuns(ids: readonly number[]): Promise<void>;
  restoreRuns(ids: readonly number[]): void;
  tagRuns(ids: readonly number[], add: readonly string[], remove: readonly string[]): void;
  /** Those that can be; the others are left as they are. */
  cancelRuns(ids: readonly number[]): Promise<void>;
  retryRuns(ids: readonly number[]): Promise<void>;
  listDeleted(): readonly DeletedItem[];
  annotateRun(id: number, note: string): void;

  seriesNames(runId: number): readonly string[];
  series(query: SeriesQuery): readonly SeriesWindow[];
  /** Median and quartiles of a series over the runs of each condition. Conditions without it are left out. */
  bands(query: BandQuery): Promise<readonly ConditionBand[]>;
  probeEpochs(runId: number): readonly number[];
  probe(runId: number, epoch: number): RepulsionResult;
  replay(runId: number, epoch: number): Promise<ReplayedProbe>;

  matrixState(query: MatrixQuery): MatrixState;
  /** Trains a run again to an epoch and computes B of every pair; one at a time. Asked for again it is the same. */
  prepareMatrix(query: MatrixQuery): Promise<PreparedMatrix>;
  /** Stops one that is being made; `prepareMatrix` then fails with run-failed. */
  cancelMatrix(query: MatrixQuery): void;
  matrixTile(query: TileQuery): MatrixTile;
  matrixPair(query: PairQuery): MatrixPair;

  exportTables(
    target: { readonly kind: 'study' | 'run'; readonly id: number },
    format: 'csv' | 'jsonl' | 'parquet' | 'study-log',
    folder: string,
    force: boolean,
  ): { readonly files: readonly string[]; readonly rows: number };
  exportLab(
    target: { readonly kind: 'study' | 'run' | 'lab'; readonly id?: number },
    file: string,
    force?: boolean,
  ): void;
  importFrom(path: string): { readonly studyIds: readonly number[]; readonly notes: readonly string[] };

  /** Hears every event from now on until the returned function is called. A listener must not throw and must not wait. */
  subscribe(listener: (event: LabEvent) => void): () => void;
  /** Stops trainers (their runs are interrupted and resume at the next start), commits, closes the lab. */
  close(): Promise<void>;
}
