import type { RowBatch } from './messages.ts';

/** Gathers rows and sends them as columns, at most every `interval` milliseconds: a message a row would cost more than small rows do. */
export class RowBatcher {
  readonly #names: readonly string[];
  readonly #interval: number;
  readonly #clock: () => number;
  readonly #send: (batch: RowBatch) => void;
  #rows: Float64Array[] = [];
  #firstEpoch = 0;
  #sentAt: number;

  constructor(
    names: readonly string[],
    interval: number,
    clock: () => number,
    send: (batch: RowBatch) => void,
  ) {
    this.#names = names;
    this.#interval = interval;
    this.#clock = clock;
    this.#send = send;
    this.#sentAt = clock();
  }

  add(epoch: number, values: Float64Array): void {
    if (this.#rows.length === 0) this.#firstEpoch = epoch;
    this.#rows.push(values);
    if (this.#clock() - this.#sentAt >= this.#interval) this.flush();
  }

  flush(): void {
    this.#sentAt = this.#clock();
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    const columns = this.#names.map((_, series) => Float64Array.from(rows, (row) => row[series]));
    this.#send({ type: 'rows', firstEpoch: this.#firstEpoch, names: this.#names, columns });
  }
}
