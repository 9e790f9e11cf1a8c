import type { LabClient } from '#shared/contract/contract.ts';
import type { ReportRun } from '#shared/report/report.ts';

/** Runs scored at once, so that the host can answer others between. */
const scoredAtOnce = 8;

/** What of the scores is done with them. */
export interface ScoreReader {
  /** Awaited before each piece: what is more urgent. */
  readonly wait: () => Promise<void>;
  readonly take: (scores: readonly ReportRun[]) => void;
  /** Called after the last piece, and between them hardly ever: a thousand runs are scored in a hundred pieces. */
  readonly show: () => void;
}

/** Asks for the scores of runs that changed, a few at a time. */
export class ScoreFeed {
  readonly #client: Pick<LabClient, 'measureRun'>;
  readonly #interval: number;
  readonly #due = new Set<number>();
  #round = 0;

  /** @param interval milliseconds from one showing to the next, while there are more */
  constructor(client: Pick<LabClient, 'measureRun'>, interval: number) {
    this.#client = client;
    this.#interval = interval;
  }

  touch(runId: number): void {
    this.#due.add(runId);
  }

  /** Forgets every other run. */
  keep(runIds: { has(runId: number): boolean }): void {
    for (const runId of this.#due) if (!runIds.has(runId)) this.#due.delete(runId);
  }

  clear(): void {
    this.#round++;
    this.#due.clear();
  }

  async refresh({ wait, take, show }: ScoreReader): Promise<void> {
    const round = this.#round;
    const all = [...this.#due];
    this.#due.clear();
    let shown = performance.now();
    for (let from = 0; from < all.length; from += scoredAtOnce) {
      await wait();
      const some = all.slice(from, from + scoredAtOnce);
      const scores = await Promise.all(some.map((id) => this.#client.measureRun({ id })));
      if (round !== this.#round) return;
      take(scores);
      if (from + scoredAtOnce < all.length && performance.now() - shown < this.#interval) continue;
      shown = performance.now();
      show();
    }
  }
}

/** Whether nothing that figures mark differs. */
export function firesAlike(one: ReportRun | undefined, other: ReportRun): boolean {
  return one !== undefined && JSON.stringify(one.detectors) === JSON.stringify(other.detectors);
}
