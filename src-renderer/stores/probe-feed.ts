import type { LabClient } from '#shared/contract/contract.ts';
import { repulsionPoints } from '#shared/figures/repulsion-lines.ts';
import type { RepulsionPoint } from '#shared/figures/repulsion-lines.ts';

/** Passes on what figures need of the probes of some runs, asking only for those that are new. */
export class ProbeFeed {
  readonly #client: Pick<LabClient, 'probeEpochs' | 'probe'>;
  readonly #give: (runId: number, points: readonly RepulsionPoint[]) => void;
  /** By run and epoch. */
  readonly #known = new Map<number, Map<number, readonly RepulsionPoint[]>>();
  /** Runs that may have new ones. */
  readonly #due = new Set<number>();
  /** Runs whose probes have been read once: what comes later is news, not what is still being read. */
  readonly #read = new Set<number>();
  #round = 0;

  constructor(
    client: Pick<LabClient, 'probeEpochs' | 'probe'>,
    give: (runId: number, points: readonly RepulsionPoint[]) => void,
  ) {
    this.#client = client;
    this.#give = give;
  }

  touch(runId: number): void {
    this.#due.add(runId);
  }

  hasRead(runId: number): boolean {
    return this.#read.has(runId);
  }

  /** Forgets every other run. */
  keep(runIds: { has(runId: number): boolean }): void {
    for (const some of [this.#known, this.#due, this.#read])
      for (const runId of some.keys()) if (!runIds.has(runId)) some.delete(runId);
  }

  clear(): void {
    this.#round++;
    this.#known.clear();
    this.#due.clear();
    this.#read.clear();
  }

  /** Fetches what is new. @param changed hears of it, and that there was nothing to wait for; also where one cannot be read */
  async refresh(changed: () => void): Promise<void> {
    const round = this.#round;
    let news = false;
    try {
      for (const runId of this.#due) {
        this.#due.delete(runId);
        news ||= !this.#read.has(runId);
        const known = this.#known.get(runId) ?? new Map<number, readonly RepulsionPoint[]>();
        this.#known.set(runId, known);
        const epochs = (await this.#client.probeEpochs({ runId })).filter((epoch) => !known.has(epoch));
        const results = await Promise.all(
          epochs.map((epoch) => this.#client.probe({ runId, epoch })),
        ).finally(() => {
          if (round === this.#round) this.#read.add(runId);
        });
        if (round !== this.#round) return;
        if (results.length === 0) continue;
        for (const result of results) known.set(result.epoch, repulsionPoints(result));
        this.#give(runId, [...known.values()].flat());
        changed();
        news = false;
      }
    } finally {
      if (news && round === this.#round) changed();
    }
  }
}
