import { inject } from 'vue';
import type { InjectionKey } from 'vue';
import type { ConditionBand } from '#shared/models/lab.ts';
import type { FigureAnswer, FigureQuestion, FromFigures, NewRows, ToFigures } from './messages.ts';

/** What computes figures: a worker, in the window. */
export interface FiguresPort {
  post(message: ToFigures, transfer: readonly ArrayBuffer[]): void;
  /** Called once. @param failed hears why it stopped for good */
  listen(heard: (message: FromFigures) => void, failed: (reason: string) => void): void;
}

interface Waiting {
  readonly resolve: (answer: FigureAnswer) => void;
  readonly reject: (reason: Error) => void;
}

/** The window's end of what computes its figures. */
export class FigureDesk {
  readonly #port: FiguresPort;
  readonly #waiting = new Map<number, Waiting>();
  readonly #resting: (() => void)[] = [];
  #asked = 0;

  constructor(port: FiguresPort) {
    this.#port = port;
    port.listen(
      (message) => this.#hear(message),
      (reason) => {
        for (const { reject } of this.#waiting.values()) reject(new Error(`The figures stopped: ${reason}`));
        this.#waiting.clear();
        this.#rest();
      },
    );
  }

  tell(message: Exclude<ToFigures, { type: 'ask' | 'rows' | 'bands' }>): void {
    this.#port.post(message, []);
  }

  /** Hands the rows over: their memory is the other side's from now on. */
  giveRows(name: string, rows: readonly NewRows[]): void {
    this.#port.post({ type: 'rows', name, rows }, buffersOf(rows.map(({ values }) => values)));
  }

  /** Hands the bands over, as rows are. */
  giveBands(name: string, bands: readonly ConditionBand[]): void {
    const arrays = bands.flatMap(({ median, q1, q3, counts }) => [median, q1, q3, counts]);
    this.#port.post({ type: 'bands', name, bands }, buffersOf(arrays));
  }

  ask(question: FigureQuestion): Promise<FigureAnswer> {
    const ask = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ask, { resolve, reject });
      this.#port.post({ type: 'ask', ask, question }, []);
    });
  }

  /** Resolves when no question is open: what would hold up its drawing waits for it. */
  async idle(): Promise<void> {
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => this.#resting.push(resolve));
  }

  #rest(): void {
    if (this.#waiting.size === 0) for (const resolve of this.#resting.splice(0)) resolve();
  }

  #hear({ ask, failed, answer }: FromFigures): void {
    const waiting = this.#waiting.get(ask);
    this.#waiting.delete(ask);
    if (answer) waiting?.resolve(answer);
    else waiting?.reject(new Error(failed ?? 'The figure could not be made.'));
    this.#rest();
  }
}

/** Many arrays are views of one answer. */
function buffersOf(arrays: readonly (Float64Array | Int32Array)[]): ArrayBuffer[] {
  return [...new Set(arrays.map(({ buffer }) => buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}

export const figuresKey: InjectionKey<FigureDesk> = Symbol('figures');

/** Of the window that a store or component belongs to. */
export function useFigures(): FigureDesk {
  const desk = inject(figuresKey);
  if (!desk) throw new Error('No figures were provided: see main.ts.');
  return desk;
}
