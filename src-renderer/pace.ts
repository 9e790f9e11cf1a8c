import { inject } from 'vue';
import type { InjectionKey } from 'vue';

/*
 * How often a window shows what is new. Where the machine has time to spare, as soon as it comes; where training wants all of it, so
 * seldom that training is hardly slowed; and at once while a person does something.
 */

/** Share of the machine's processor time that showing may take while nobody has time to spare. */
const budget = 0.008;
/** Below the first, training wants every processor; above the second, there is time to spare. */
const scarce = 0.05;
const ample = 0.12;
/** Of a pause, ms: as long as this nothing is ever late, and nobody waits longer for news. */
const shortest = 40;
const longest = 10_000;
/** After a key or a click what it changes should be seen at once; ms. */
const attentive = 1500;
/** Pauses in which nobody looks end when somebody does. */
const hiddenPause = 30_000;

/** What of a page is needed here. */
export interface PacedPage {
  readonly processors: number;
  isHidden(): boolean;
  now(): number;
  /** Resolves after the next frame was drawn, with the milliseconds that took. */
  frame(): Promise<number>;
}

/** Adds up what showing costs, and says how long to pause after it. */
export class Pace {
  readonly #page: PacedPage;
  #underway = 0;
  /** Of these, what `rest` waits for. */
  #awaited = 0;
  #since = 0;
  #cost = 0;
  /** Milliseconds to pause for each that showing took. */
  #factor = 0;
  #touched = -Infinity;
  #wake: (() => void) | null = null;
  #settled: (() => void)[] = [];

  constructor(page: PacedPage) {
    this.#page = page;
  }

  /** The machine's idle share, as the lab told. Changes in steps, since what the window does itself is in it. */
  hear(idle: number | null): void {
    if (idle === null) return;
    const most = 1 / (budget * this.#page.processors);
    if (idle < scarce) this.#factor = Math.min(most, Math.max(1, 2 * this.#factor));
    else if (idle > ample) this.#factor = this.#factor <= 1 ? 0 : this.#factor / 2;
  }

  /** Counts the time in which this, or anything else that is counted, is under way; what is newer waits for it. */
  async counted<T>(work: Promise<T>): Promise<T> {
    this.#awaited++;
    try {
      return await this.countedAside(work);
    } finally {
      if (--this.#awaited === 0) for (const resolve of this.#settled.splice(0)) resolve();
    }
  }

  /** Counts the same of what is no part of showing what is new, so that nothing waits for it. */
  async countedAside<T>(work: Promise<T>): Promise<T> {
    if (this.#underway++ === 0) this.#since = this.#page.now();
    try {
      return await work;
    } finally {
      this.#addUp();
      this.#underway--;
    }
  }

  #addUp(): void {
    const now = this.#page.now();
    if (this.#underway > 0) this.#cost += now - this.#since;
    this.#since = now;
  }

  /** Ends the pause when somebody does something or looks again. */
  touch(): void {
    this.#touched = this.#page.now();
    this.#wake?.();
  }

  /** Resolves when what is new was shown, and it is time to show what is newer. */
  async rest(): Promise<void> {
    do {
      if (this.#awaited > 0) await new Promise<void>((resolve) => this.#settled.push(resolve));
      this.#cost += await this.#page.frame();
    } while (this.#awaited > 0);
    this.#addUp();
    const pause = this.#pause();
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(end, pause);
      this.#wake = end;
    });
  }

  /** How long to pause now; what was spent is paid with it. */
  #pause(): number {
    const due = this.#cost * this.#factor;
    this.#cost = 0;
    if (this.#page.isHidden()) return hiddenPause;
    if (this.#page.now() - this.#touched < attentive) return shortest;
    return Math.min(longest, Math.max(shortest, due));
  }
}

export const paceKey: InjectionKey<Pace> = Symbol('pace');

export function usePace(): Pace {
  const pace = inject(paceKey);
  if (!pace) throw new Error('The window was mounted without its pace.');
  return pace;
}
