import type { LabClient } from '#shared/contract/contract.ts';

interface Entry {
  /** Rows the run has in the store, as far as was told. */
  rows: number;
  /** Index = epoch; grows as the run does. */
  readonly series: Map<string, Float64Array>;
  /** Series that were asked for and that the run does not have. */
  readonly absent: Set<string>;
}

/**
 * The series of some runs, every point of them, kept up to date by asking only for the rows that are new. It is told how many rows
 * there are, and which series are wanted.
 */
export class SeriesBook {
  readonly #client: Pick<LabClient, 'series'>;
  readonly #runs = new Map<number, Entry>();
  #wanted: readonly string[] = [];

  constructor(client: Pick<LabClient, 'series'>) {
    this.#client = client;
  }

  want(names: Iterable<string>): void {
    this.#wanted = [...new Set(names)];
  }

  /** A run has rows 0..rows-1, and those from `changedFrom` on may differ from what is known. */
  touch(runId: number, rows: number, changedFrom: number): void {
    const entry = this.#entry(runId);
    entry.rows = rows;
    entry.absent.clear();
    for (const [name, values] of entry.series) {
      const kept = Math.min(changedFrom, rows);
      if (values.length > kept) entry.series.set(name, values.slice(0, kept));
    }
  }

  get(runId: number, name: string): Float64Array | null {
    return this.#runs.get(runId)?.series.get(name) ?? null;
  }

  /** Forgets every other run. */
  keep(runIds: { has(runId: number): boolean }): void {
    for (const runId of this.#runs.keys()) if (!runIds.has(runId)) this.#runs.delete(runId);
  }

  clear(): void {
    this.#runs.clear();
  }

  /** Fetches what is wanted and not yet known. @returns whether there was anything */
  async refresh(): Promise<boolean> {
    const questions = this.#wanted.flatMap((name) =>
      // Apart, so that one run that is new does not make all the others be sent again.
      [this.#missing(name, false), this.#missing(name, true)]
        .filter((group) => group.length > 0)
        .map((group) => this.#fetch(name, group)),
    );
    await Promise.all(questions);
    return questions.length > 0;
  }

  #missing(name: string, begun: boolean): number[] {
    return [...this.#runs].flatMap(([runId, { rows, series, absent }]) => {
      const known = series.get(name)?.length ?? 0;
      return known < rows && known > 0 === begun && !absent.has(name) ? [runId] : [];
    });
  }

  async #fetch(name: string, runIds: readonly number[]): Promise<void> {
    const first = Math.min(...runIds.map((runId) => this.get(runId, name)?.length ?? 0));
    const last = Math.max(...runIds.map((runId) => this.#entry(runId).rows)) - 1;
    const windows = await this.#client.series({ runIds, name, range: [first, last] });
    const heard = new Map(windows.map((window) => [window.runId, window]));
    for (const runId of runIds) {
      const entry = this.#entry(runId);
      const window = heard.get(runId);
      if (!window || window.values.length === 0) entry.absent.add(name);
      else entry.series.set(name, joined(entry.series.get(name) ?? null, first, window.values));
    }
  }

  #entry(runId: number): Entry {
    let entry = this.#runs.get(runId);
    if (!entry) {
      entry = { rows: 0, series: new Map(), absent: new Set() };
      this.#runs.set(runId, entry);
    }
    return entry;
  }
}

/** What is known up to where the new values begin, and then those. */
function joined(known: Float64Array | null, first: number, values: Float64Array): Float64Array {
  const all = new Float64Array(first + values.length);
  if (known) all.set(known.subarray(0, first));
  all.set(values, first);
  return all;
}
