import type { LabClient } from '#shared/contract/contract.ts';
import type { ConditionBand } from '#shared/models/lab.ts';

/** Numbers of the bands in one answer of the lab, about (1.2 MB): to take more out of its text would hold the window up. */
const sliceNumbers = 150_000;
/** Of an epoch of a condition: median, quartiles and how many. */
const numbersAnEpoch = 3.5;
const questionsAtOnce = 2;

/** A study, as far as its bands are asked for. */
export interface BandStudy {
  readonly id: number;
  /** In the order in which they are drawn. */
  readonly conditions: readonly string[];
  /** The longest run may have so many rows. */
  readonly epochs: number;
}

interface BandQuestion {
  readonly studyId: number;
  readonly name: string;
  readonly conditions: string[];
}

function slicesOf({ id, conditions, epochs }: BandStudy, name: string): BandQuestion[] {
  const size = Math.max(1, Math.floor(sliceNumbers / (numbersAnEpoch * Math.max(1, epochs))));
  return Array.from({ length: Math.ceil(conditions.length / size) }, (_, i) => ({
    studyId: id,
    name,
    conditions: conditions.slice(i * size, (i + 1) * size),
  }));
}

/**
 * Passes on the statistics of a study's conditions, as the lab keeps them: of a large study they are there long before its rows. Each is asked
 * for once; from then on, rows say what changes.
 */
export class BandFeed {
  readonly #client: Pick<LabClient, 'bands'>;
  readonly #give: (name: string, bands: readonly ConditionBand[]) => void;
  readonly #lost: (condition: string) => void;
  readonly #interval: number;
  readonly #asked = new Set<string>();
  /** Runs that are in what was given. */
  readonly #known = new Set<number>();
  #due: { readonly question: BandQuestion; readonly after: () => Promise<void> | void }[] = [];
  /** Questions about a series that have no answer yet. */
  readonly #open = new Map<string, number>();
  #workers = 0;
  /** Whether some were given that were not shown. */
  #unseen = false;
  #shown = 0;
  #showing: Promise<void> = Promise.resolve();
  #working: Promise<unknown> = Promise.resolve();
  #round = 0;

  /**
   * @param lost hears of a condition whose statistics no longer hold: a run of it begins anew
   * @param interval milliseconds from one showing to the next, while more are to come
   */
  constructor(
    client: Pick<LabClient, 'bands'>,
    give: (name: string, bands: readonly ConditionBand[]) => void,
    lost: (condition: string) => void,
    interval: number,
  ) {
    this.#client = client;
    this.#give = give;
    this.#lost = lost;
    this.#interval = interval;
  }

  clear(): void {
    this.#round++;
    this.#due = [];
    this.#open.clear();
    this.#workers = 0;
    this.#unseen = false;
    this.#shown = 0;
    this.#asked.clear();
    this.#known.clear();
  }

  /** A run of the condition has rows 0..rows-1, and those from `changedFrom` on may differ from what was given. */
  touch(runId: number, condition: string, rows: number, changedFrom: number): void {
    // Rows that are computed again after an interruption are the same; only a run that begins anew may differ.
    if ((rows > 0 && changedFrom > 0) || !this.#known.delete(runId)) return;
    this.#lost(condition);
  }

  /**
   * Fetches the bands of these series that were not asked for yet; resolves when all that were ever asked for have come.
   * @param after is called when all of a series were given, and now and then before; waited for: it may draw them
   */
  refresh(study: BandStudy, names: readonly string[], after: () => Promise<void> | void): Promise<void> {
    const fresh = names.filter((name) => !this.#asked.has(name));
    for (const name of fresh) this.#asked.add(name);
    for (const name of fresh) {
      const slices = slicesOf(study, name);
      this.#due.push(...slices.map((question) => ({ question, after })));
      this.#open.set(name, slices.length);
    }
    const free = Math.min(questionsAtOnce - this.#workers, this.#due.length);
    const before = this.#working;
    const done = Promise.all(Array.from({ length: free }, () => this.#work())).then(() => before);
    this.#working = done.catch(() => undefined);
    return done.then(() => undefined);
  }

  async #work(): Promise<void> {
    const round = this.#round;
    this.#workers++;
    try {
      while (round === this.#round) {
        const next = this.#due.shift();
        if (!next) break;
        const { question, after } = next;
        const bands = await this.#client.bands(question);
        if (round !== this.#round) return;
        for (const { runs } of bands) for (const run of runs) this.#known.add(run.id);
        if (bands.length > 0) {
          // Time runs from the first of them: those that the lab has kept come in a tenth of a second.
          if (this.#shown === 0) this.#shown = performance.now();
          this.#give(question.name, bands);
          this.#unseen = true;
        } else this.#leave(question.name);
        const open = (this.#open.get(question.name) ?? 0) - 1;
        this.#open.set(question.name, open);
        if (open === 0 || performance.now() - this.#shown >= this.#interval) this.#show(after);
      }
    } finally {
      if (round === this.#round) this.#workers--;
    }
    await this.#showing;
  }

  /** Leaves a series to its rows: where some conditions lack it, mostly all do. */
  #leave(name: string): void {
    const left = this.#due.filter(({ question }) => question.name !== name);
    this.#open.set(name, (this.#open.get(name) ?? 0) - (this.#due.length - left.length));
    this.#due = left;
  }

  #show(after: () => Promise<void> | void): void {
    if (!this.#unseen) return;
    this.#unseen = false;
    this.#shown = performance.now();
    this.#showing = Promise.all([this.#showing, after()]).then(() => undefined);
  }

  /** Resolves when nothing is asked, and what came is drawn: what is less urgent waits for it. */
  async idle(): Promise<void> {
    await this.#working;
  }
}
