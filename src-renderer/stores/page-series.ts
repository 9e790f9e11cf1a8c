import type { LabClient } from '#shared/contract/contract.ts';
import type { FigureRun } from '#shared/figures/study-figures.ts';
import type { RunSummary } from '#shared/models/lab.ts';
import { SeriesBook } from './series-book.ts';

type KnownRun = Pick<RunSummary, 'id' | 'condition' | 'seed' | 'rows'>;

/**
 * The series of a study's runs, for pages that compute with them. Most never do, and figures are drawn in a worker of its own: nothing is
 * read before the first page asks for runs.
 */
export class PageSeries {
  readonly #client: Pick<LabClient, 'series'>;
  readonly #begun: () => void;
  #book: SeriesBook | null = null;
  #dashboard: readonly string[] = [];
  #also: readonly string[] = [];

  /** @param begun hears that series are wanted from now on: `refresh` reads them */
  constructor(client: Pick<LabClient, 'series'>, begun: () => void) {
    this.#client = client;
    this.#begun = begun;
  }

  /** Keeps the series of the dashboard. */
  want(names: readonly string[]): void {
    this.#dashboard = names;
    this.#tell();
  }

  /** Keeps these too, in place of what was last asked for so. */
  wantAlso(names: readonly string[]): void {
    this.#also = names;
    this.#tell();
  }

  #tell(): void {
    this.#book?.want([...this.#dashboard, ...this.#also]);
  }

  /** A run has rows 0..rows-1, and those from `changedFrom` on may differ from what is known. */
  touch(runId: number, rows: number, changedFrom: number): void {
    this.#book?.touch(runId, rows, changedFrom);
  }

  /** Forgets every other run. */
  keep(runIds: { has(runId: number): boolean }): void {
    this.#book?.keep(runIds);
  }

  clear(): void {
    this.#book?.clear();
  }

  /** @returns whether there was anything to read */
  async refresh(): Promise<boolean> {
    return (await this.#book?.refresh()) ?? false;
  }

  /** These runs with what is known of their series. */
  runs(runs: Iterable<KnownRun>): FigureRun[] {
    const known = [...runs];
    const book = (this.#book ??= this.#open(known));
    return known.map(({ id, condition, seed }) => ({
      id,
      condition,
      seed,
      series: (name) => book.get(id, name),
    }));
  }

  #open(runs: readonly KnownRun[]): SeriesBook {
    const book = new SeriesBook(this.#client);
    book.want([...this.#dashboard, ...this.#also]);
    for (const { id, rows } of runs) book.touch(id, rows, rows);
    // Not while somebody computes with what it returns.
    queueMicrotask(this.#begun);
    return book;
  }
}
