import type { StudyProgress } from '#shared/models/lab.ts';
import type { Run, RunState } from '#shared/models/run.ts';
import { RowRate } from './row-rate.ts';

interface Entry {
  runsDone: number;
  runsFailed: number;
  runsTotal: number;
  rowsDone: number;
  rowsTotal: number;
  readonly rate: RowRate;
  /** Rows stored of the runs this start covers, so that an ending can be squared. */
  readonly rows: Map<number, number>;
}

/** Often enough for a bar, seldom enough for a slow client. */
const interval = 250;

/** Counts what each started study still has to do, and tells at most four times a second. */
export class ProgressBook {
  readonly #clock: () => number;
  readonly #tell: (progress: StudyProgress) => void;
  readonly #entries = new Map<number, Entry>();
  #timer: NodeJS.Timeout | null = null;
  readonly #changed = new Set<number>();

  constructor(clock: () => number, tell: (progress: StudyProgress) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** @param due the runs of the study that train or will; of the others only what they have counts */
  open(studyId: number, runs: readonly Run[], due: readonly Run[]): void {
    const ids = new Set(due.map(({ id }) => id));
    const others = runs.filter(({ id }) => !ids.has(id));
    const runsDone = others.filter((run) => run.state === 'finished').length;
    const runsFailed = others.filter((run) => run.state === 'failed').length;
    const rowsDone = runs.reduce((sum, run) => sum + run.rows, 0);
    const rowsLeft = due.reduce((sum, run) => sum + rowsOf(run) - run.rows, 0);
    this.#entries.set(studyId, {
      runsDone,
      runsFailed,
      runsTotal: runsDone + runsFailed + due.length,
      rowsDone,
      rowsTotal: rowsDone + rowsLeft,
      // Only work done here tells how fast the machine is; what was there already took no time now.
      rate: this.#entries.get(studyId)?.rate ?? new RowRate(),
      rows: new Map(runs.map((run) => [run.id, run.rows])),
    });
    this.#change(studyId);
  }

  /** @param stored rows the run has now; fewer than before for one that starts again from its seed */
  rows(run: Run, stored: number): void {
    const entry = this.#entries.get(run.studyId);
    if (!entry) return;
    entry.rowsDone += stored - (entry.rows.get(run.id) ?? 0);
    entry.rows.set(run.id, stored);
    entry.rate.add(this.#clock(), entry.rowsDone);
    this.#change(run.studyId);
  }

  state(run: Run, state: RunState): void {
    const entry = this.#entries.get(run.studyId);
    if (!entry) return;
    if (state === 'finished') entry.runsDone++;
    if (state === 'failed') {
      entry.runsFailed++;
      this.#forgetRest(entry, run);
    }
    this.#change(run.studyId);
  }

  /** A run that will not be trained after all. */
  drop(run: Run): void {
    const entry = this.#entries.get(run.studyId);
    if (!entry) return;
    entry.runsTotal--;
    this.#forgetRest(entry, run);
    this.#change(run.studyId);
  }

  /** The last word on a study, told at once. */
  shut(studyId: number): void {
    if (this.#entries.has(studyId)) this.#tellOne(studyId);
    this.#entries.delete(studyId);
    this.#changed.delete(studyId);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Rows that will never come would keep the bar from its end. */
  #forgetRest(entry: Entry, run: Run): void {
    entry.rowsTotal -= rowsOf(run) - (entry.rows.get(run.id) ?? 0);
  }

  #change(studyId: number): void {
    this.#changed.add(studyId);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      for (const id of this.#changed) this.#tellOne(id);
      this.#changed.clear();
    }, interval);
  }

  #tellOne(studyId: number): void {
    const entry = this.#entries.get(studyId);
    if (!entry) return;
    const { rate, rows: _, ...counts } = entry;
    const rowsPerSecond = rate.perSecond();
    const left = entry.rowsTotal - entry.rowsDone;
    this.#tell({
      studyId,
      ...counts,
      rowsPerSecond,
      secondsLeft: rowsPerSecond === null ? null : left / rowsPerSecond,
    });
  }
}

function rowsOf(run: Run): number {
  return run.settings.epochs + 1;
}
