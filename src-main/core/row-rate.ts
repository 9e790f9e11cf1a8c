/** Long enough to average over repulsion probes, during which no row arrives, short enough to follow a change of load. */
const windowMs = 120_000;
/** A rate from less is noise. */
const leastMs = 1000;
/** The first rows wait for a probe at epoch 0; a rate from them would be hours off. */
const leastRows = 20;

interface Sample {
  readonly time: number;
  readonly rows: number;
}

/** Rows a second over a moving window. Time before the first row is start-up and does not count against the rate. */
export class RowRate {
  #samples: Sample[] = [];
  #lastKnown: number | null = null;

  /** @param time milliseconds of any clock that never runs back */
  add(time: number, rows: number): void {
    const last = this.#samples.at(-1);
    // Fewer rows than before: a run was taken back to its snapshot, and the difference says nothing about speed.
    if (last && rows < last.rows) this.#samples = [];
    if (this.#samples.length === 1 && this.#samples[0].rows === rows) this.#samples = [];
    this.#samples.push({ time, rows });
    // The newest sample at or before the window's start stays: it is where the window begins.
    while (this.#samples.length > 2 && this.#samples[1].time <= time - windowMs) this.#samples.shift();
  }

  /** Null until it can be known. While only probes run the window empties: the last known rate then stands for what is to come. */
  perSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first && last && last.time - first.time >= leastMs && last.rows - first.rows >= leastRows) {
      this.#lastKnown = ((last.rows - first.rows) / (last.time - first.time)) * 1000;
    }
    return this.#lastKnown;
  }
}
