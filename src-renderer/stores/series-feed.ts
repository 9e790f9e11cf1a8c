import type { LabClient } from '#shared/contract/contract.ts';
import type { NewRows } from '../figures/messages.ts';

/** One answer of the lab is at most about so many numbers (1.2 MB): neither the host nor the window is held up by more. */
const sliceNumbers = 150_000;

/** Of answers of that size. Those to what is new of a few runs are small, and asked for all at once: each wait for an answer is a way through four processes. */
const questionsAtOnce = 3;

interface FeedRun {
  rows: number;
  /** Rows handed on, by series. */
  readonly given: Map<string, number>;
  readonly absent: Set<string>;
}

/**
 * Passes the series of some runs on as they grow, a slice of runs at a time, asking only for the rows that are new. It keeps none of them.
 */
export class SeriesFeed {
  readonly #client: Pick<LabClient, 'series'>;
  readonly #give: (name: string, rows: readonly NewRows[]) => void;
  readonly #runs = new Map<number, FeedRun>();
  #wanted: readonly string[] = [];
  #round = 0;

  constructor(client: Pick<LabClient, 'series'>, give: (name: string, rows: readonly NewRows[]) => void) {
    this.#client = client;
    this.#give = give;
  }

  want(names: Iterable<string>): void {
    this.#wanted = [...new Set(names)];
  }

  /** A run has rows 0..rows-1, and those from `changedFrom` on may differ from what was given. */
  touch(runId: number, rows: number, changedFrom: number): void {
    const run = this.#runs.get(runId) ?? { rows: 0, given: new Map<string, number>(), absent: new Set() };
    this.#runs.set(runId, run);
    run.rows = rows;
    run.absent.clear();
    for (const [name, given] of run.given) run.given.set(name, Math.min(given, changedFrom, rows));
  }

  /** Forgets every other run. */
  keep(runIds: { has(runId: number): boolean }): void {
    for (const runId of this.#runs.keys()) if (!runIds.has(runId)) this.#runs.delete(runId);
  }

  /** Whether a run has rows of which nothing was given yet, and may have this series. */
  lacks(name: string): boolean {
    return [...this.#runs.values()].some(
      ({ rows, given, absent }) => rows > 0 && !given.has(name) && !absent.has(name),
    );
  }

  /** How many numbers of a series are yet to come, of runs of which there is none. */
  missing(name: string): number {
    let sum = 0;
    for (const { rows, given, absent } of this.#runs.values())
      if (!given.has(name) && !absent.has(name)) sum += rows;
    return sum;
  }

  clear(): void {
    this.#round++;
    this.#runs.clear();
  }

  /** Fetches what is wanted and not yet given. @returns whether there was anything @param after is called when a slice was given */
  async refresh(after: () => void = () => {}): Promise<boolean> {
    const round = this.#round;
    const slices = this.#wanted.flatMap((name) => this.#slices(name).map((slice) => ({ name, ...slice })));
    const total = slices.length;
    const numbers = slices.reduce((sum, slice) => sum + slice.numbers, 0);
    const atOnce = numbers <= sliceNumbers ? total : questionsAtOnce;
    // While the lab reads one, the answer to another is taken in.
    const work = async (): Promise<void> => {
      for (let next = slices.shift(); next; next = slices.shift()) {
        await this.#fetch(next.name, next.runIds, round);
        if (round !== this.#round) return;
        after();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return total > 0;
  }

  /** Runs that lack rows, those that lack the same together: one that is new does not make the others be sent again. */
  #slices(name: string): { readonly runIds: readonly number[]; readonly numbers: number }[] {
    const fresh: number[] = [];
    const begun: number[] = [];
    for (const [runId, { rows, given, absent }] of this.#runs) {
      const known = given.get(name) ?? 0;
      if (known >= rows || absent.has(name)) continue;
      (known === 0 ? fresh : begun).push(runId);
    }
    return [fresh, begun].flatMap((runIds) => {
      const [first, last] = this.#lacking(name, runIds);
      const rows = last - first + 1;
      const size = Math.max(1, Math.floor(sliceNumbers / rows));
      return Array.from({ length: Math.ceil(runIds.length / size) }, (_, i) => {
        const some = runIds.slice(i * size, (i + 1) * size);
        return { runIds: some, numbers: some.length * rows };
      });
    });
  }

  /** The first and last row that any of these runs lacks. */
  #lacking(name: string, runIds: readonly number[]): [number, number] {
    const runs = runIds.flatMap((runId) => this.#runs.get(runId) ?? []);
    return [
      Math.min(...runs.map(({ given }) => given.get(name) ?? 0)),
      Math.max(...runs.map(({ rows }) => rows)) - 1,
    ];
  }

  async #fetch(name: string, runIds: readonly number[], round: number): Promise<void> {
    const runs = runIds.flatMap((runId) => {
      const run = this.#runs.get(runId);
      return run ? [{ runId, run }] : [];
    });
    const [first, last] = this.#lacking(name, runIds);
    const windows = await this.#client.series({ runIds: [...runIds], name, range: [first, last] });
    if (round !== this.#round) return;
    const heard = new Map(windows.map(({ runId, values }) => [runId, values]));
    const rows: NewRows[] = [];
    for (const { runId, run } of runs) {
      const values = heard.get(runId);
      if (!values || values.length === 0) {
        run.absent.add(name);
        continue;
      }
      run.given.set(name, first + values.length);
      rows.push({ runId, first, values });
    }
    if (rows.length > 0) this.#give(name, rows);
  }
}
