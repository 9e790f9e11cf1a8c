import type { MatrixQuery, MatrixStage } from './matrix.ts';
import type { EngineName, Run, RunState } from './run.ts';
import type { Condition, Study } from './study.ts';
import type { RepulsionResult } from '../science/repulsion-result.ts';
import type { StudyProblem } from '../study/study-problem.ts';

/** What every host shows of the lab it has open. */
export interface LabInfo {
  readonly path: string;
  readonly appVersion: string;
  /** Opened beside another writer: everything can be looked at, nothing can be trained or changed. */
  readonly readOnly: boolean;
  /** Runs trained at once. */
  readonly workers: number;
  /** Runs that a host which died had left running; they are resumed. 0 in a quiet history. */
  readonly recovered: number;
  /** How opening it brought it to a newer format and where a copy is, as a sentence; null where nothing had to be done. */
  readonly upgraded: string | null;
}

/** One line of the history: a study and how its runs stand. */
export interface StudySummary {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
  readonly deletedAt: string | null;
  readonly tags: readonly string[];
  readonly note: string;
  /** Queued runs of a paused study wait. */
  readonly paused: boolean;
  readonly conditions: readonly string[];
  readonly seeds: readonly number[];
  readonly states: Readonly<Record<RunState, number>>;
}

/** A study with its file and all that was expanded from it. */
export interface StudyDetail extends StudySummary {
  readonly study: Study;
}

/** A run as tables and grids show it. */
export interface RunSummary extends Run {
  readonly studyName: string;
  readonly tags: readonly string[];
  readonly note: string;
  /** How often its trainer died and another went on, over the rows it has. */
  readonly restarts: number;
  /** Of the last stored row; null before the first. */
  readonly testAccuracy: number | null;
}

/** How far a study is; rates are null until they can be known. */
export interface StudyProgress {
  readonly studyId: number;
  readonly runsDone: number;
  readonly runsFailed: number;
  readonly runsTotal: number;
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Everything that changes, told after it was committed. */
export type LabEvent =
  | { readonly type: 'studies'; readonly studyId: number }
  | {
      readonly type: 'run';
      readonly runId: number;
      readonly studyId: number;
      readonly state: RunState;
      readonly problem: string | null;
    }
  | {
      readonly type: 'rows';
      readonly runId: number;
      readonly studyId: number;
      readonly firstEpoch: number;
      readonly count: number;
      readonly testAccuracy: number;
    }
  | { readonly type: 'probing'; readonly runId: number; readonly studyId: number; readonly epoch: number }
  | { readonly type: 'probe'; readonly runId: number; readonly studyId: number; readonly epoch: number }
  | {
      readonly type: 'progress';
      readonly progress: StudyProgress;
      /** Share of the machine's processor time that nobody used lately; null where it is not known. */
      readonly idle: number | null;
    }
  | MatrixEvent
  /** One more engine can be had. */
  | { readonly type: 'engines' }
  | { readonly type: 'notice'; readonly level: 'info' | 'warning' | 'error'; readonly message: string };

/** How far a matrix is: told when a stage begins, while the run is trained again, and once at the end (ready, or stopped). */
export interface MatrixEvent {
  readonly type: 'matrix';
  readonly studyId: number;
  readonly query: MatrixQuery;
  readonly stage: MatrixStage | 'ready' | 'stopped';
  /** The epoch reached. */
  readonly epoch: number;
}

/** What a study would cost, before it is started. */
export interface StudyPreview {
  readonly name: string;
  readonly conditions: number;
  readonly seeds: number;
  readonly runs: number;
  readonly rows: number;
  /** Null where neither runs nor the machine's speed tell. */
  readonly seconds: number | null;
  /** What the time is from: finished runs of similar size in this lab, or the engine's speed as measured, which leaves much out. */
  readonly secondsFrom: 'runs' | 'speed' | 'measuring' | null;
  readonly bytes: number;
  /** Of all runs that train at once, and what the machine has. */
  readonly memory: { readonly bytes: number; readonly available: number };
  /** The first conditions, with every setting resolved. */
  readonly resolved: readonly Condition[];
  /** What it would cost that nobody wants to find out afterwards, as sentences. */
  readonly costs: readonly string[];
}

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly text: string;
  /** The paper whose numbers it shows beside its own; null where it compares with none, or with another program. */
  readonly paper: string | null;
}

/** One series of one run, cut to a range and to what a client can draw. */
export interface SeriesWindow {
  readonly runId: number;
  readonly name: string;
  /** Epoch of the first point. */
  readonly first: number;
  /** Epochs of the points, ascending, where it was cut to minima and maxima; null where it is every epoch from `first` on. */
  readonly epochs: Float64Array | null;
  readonly values: Float64Array;
  /** Points the range holds in the store; more than `values` when it was cut to minima and maxima. */
  readonly stored: number;
}

/** Statistics of one series over the runs of a condition, epoch by epoch and from every point there is; index = epoch. */
export interface ConditionBand {
  readonly condition: string;
  /** What it is computed of: every run that has the series, and how many rows of it. */
  readonly runs: readonly BandRun[];
  readonly median: Float64Array;
  readonly q1: Float64Array;
  readonly q3: Float64Array;
  /** Runs with a value at each epoch. */
  readonly counts: Int32Array;
}

export interface BandRun {
  readonly id: number;
  readonly rows: number;
}

export type EngineChoice = EngineName | 'auto';

/** An engine as this machine has it: its version, or why it cannot be used. */
export interface EngineReport {
  readonly engine: EngineName;
  readonly version: string | null;
  /** Products of a training step on one thread; null when not measured. */
  readonly gigaflops: number | null;
  readonly unavailable: string | null;
}

/** A probe computed again from the seed. */
export interface ReplayedProbe {
  readonly result: RepulsionResult;
  /** How it compares with the probe stored at that epoch. */
  readonly stored: 'identical' | 'different' | 'none';
}

/** All errors of a study file; or what it would cost, and what in it may mislead, which does not keep it from being started. */
export type StudyCheck =
  | { readonly ok: true; readonly preview: StudyPreview; readonly warnings: readonly StudyProblem[] }
  | { readonly ok: false; readonly problems: readonly StudyProblem[] };
