import type { LabClient } from '#shared/contract/contract.ts';
import type { ConditionBand } from '#shared/models/lab.ts';

/** Numbers of the bands in one answer of the lab, about (3 MB): each is drawn as it comes, and drawing costs more than reading. */
const sliceNumbers = 400_000;
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

/**
 * Passes on the statistics of a study's conditions, as the lab keeps them: of a large study they are there long before its rows. Each is asked
 * for once; from then on, rows say what changes.
 */
export class BandFeed {
  readonly #client: Pick<LabClient, 'bands'>;
  readonly #give: (name: string, bands: readonly ConditionBand[]) => void;
  readonly #lost: (condition: string) => void;
  readonly #asked = new Set<string>();
  /** Runs that are in what was given. */
  readonly #known = new Set<number>();
  #working: Promise<unknown> = Promise.resolve();
  #round = 0;

  /** @param lost hears of a condition whose statistics no longer hold: a run of it begins anew */
  constructor(
    client: Pick<LabClient, 'bands'>,
    give: (name: string, bands: readonly ConditionBand[]) => void,
    lost: (condition: string) => void,
  ) {
    this.#client = client;
    this.#give = give;
    this.#lost = lost;
  }

  clear(): void {
    this.#round++;
    this.#asked.clear();
    this.#known.clear();
  }

  /** A run of the condition has rows 0..rows-1, and those from `changedFrom` on may differ from what was given. */
  touch(runId: number, condition: string, rows: number, changedFrom: number): void {
    // Rows that are computed again after an interruption are the same; only a run that begins anew may differ.
    if ((rows > 0 && changedFrom > 0) || !this.#known.delete(runId)) return;
    this.#lost(condition);
  }

  /** Fetches the bands of these series that were not asked for yet. @param after is called when some were given, and waited for: it may draw them */
  refresh(
    { id, conditions, epochs }: BandStudy,
    names: readonly string[],
    after: () => Promise<void> | void,
  ): Promise<void> {
    const round = this.#round;
    const size = Math.max(1, Math.floor(sliceNumbers / (numbersAnEpoch * Math.max(1, epochs))));
    const slices = names
      .filter((name) => !this.#asked.has(name))
      .flatMap((name) =>
        Array.from({ length: Math.ceil(conditions.length / size) }, (_, i) => ({
          name,
          conditions: conditions.slice(i * size, (i + 1) * size),
        })),
      );
    for (const { name } of slices) this.#asked.add(name);
    const work = async (): Promise<void> => {
      for (let next = slices.shift(); next; next = slices.shift()) {
        const bands = await this.#client.bands({ studyId: id, ...next });
        if (round !== this.#round) return;
        for (const { runs } of bands) for (const run of runs) this.#known.add(run.id);
        if (bands.length === 0) continue;
        this.#give(next.name, bands);
        await after();
      }
    };
    const before = this.#working;
    const done = Promise.all(Array.from({ length: questionsAtOnce }, work)).then(() => before);
    this.#working = done.catch(() => undefined);
    return done.then(() => undefined);
  }

  /** Resolves when nothing is asked, and what came is drawn: what is less urgent waits for it. */
  async idle(): Promise<void> {
    await this.#working;
  }
}
