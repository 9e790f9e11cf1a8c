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

  /** @param due the runs of the study that will be trained; the others count as they are */
  open(studyId: number, runs: readonly Run[], due: readonly Run[]): void {
    const waiting = new Set(due.map(({ id }) => id));
    const entry: Entry = {
      runsDone: runs.filter((run) => run.state === 'finished').length,
      runsFailed: 0,
      runsTotal: runs.length,
      rowsDone: runs.reduce((sum, run) => sum + run.rows, 0),
      rowsTotal: runs.reduce((sum, run) => sum + rowsOf(run), 0),
      rate: this.#entries.get(studyId)?.rate ?? new RowRate(),
      rows: new Map(runs.map((run) => [run.id, run.rows])),
    };
    // Only this start's work tells how fast the machine is; what is done already took no time now.
    entry.runsFailed = runs.filter((run) => run.state === 'failed' && !waiting.has(run.id)).length;
    this.#entries.set(studyId, entry);
    this.#change(studyId);
  }

  rows(run: Run, count: number): void {
    const entry = this.#entries.get(run.studyId);
    if (!entry) return;
    entry.rowsDone += count;
    entry.rows.set(run.id, (entry.rows.get(run.id) ?? 0) + count);
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
