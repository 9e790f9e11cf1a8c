import {
  activeLines,
  overallLine,
  overallText,
  type ProgressState,
  type ProgressTotal,
} from './progress-lines.ts';
import { textWidth } from '#shared/report/text-width.ts';
import { RowRate } from '../../core/row-rate.ts';

/** Where progress is written: standard error, or a test's list. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** How the training of many runs is shown while it goes on. */
export interface Progress {
  start(total: ProgressTotal): void;
  update(state: ProgressState): void;
  /** A line that stays: above the bars on a terminal. */
  message(text: string): void;
  /** Leaves the last state standing and gives the cursor back. Safe to call twice. */
  finish(): void;
}

const idle: ProgressState = { runsDone: 0, runsFailed: 0, rowsDone: 0, active: [] };
const redrawMs = 100;
const plainMs = 5000;
const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';

/**
 * Bars that redraw themselves on a terminal; elsewhere a plain line when a run ends, and otherwise one in 5 s.
 * @param clock milliseconds, never running back
 */
export function createProgress(stream: ProgressStream, clock: () => number): Progress {
  return stream.isTTY === true ? new TerminalProgress(stream, clock) : new PlainProgress(stream, clock);
}

class TerminalProgress implements Progress {
  readonly #stream: ProgressStream;
  readonly #clock: () => number;
  readonly #rate = new RowRate();
  #total: ProgressTotal | null = null;
  #state: ProgressState = idle;
  #drawn: readonly string[] = [];
  #drawnAt = -Infinity;

  constructor(stream: ProgressStream, clock: () => number) {
    this.#stream = stream;
    this.#clock = clock;
  }

  start(total: ProgressTotal): void {
    this.#total = total;
    this.#stream.write(hideCursor);
    this.#draw();
  }

  update(state: ProgressState): void {
    const now = this.#clock();
    this.#rate.add(now, state.rowsDone);
    this.#state = state;
    if (now - this.#drawnAt >= redrawMs) this.#draw();
  }

  message(text: string): void {
    this.#stream.write(`${this.#erase()}${text}\n`);
    this.#drawn = [];
    if (this.#total) this.#draw();
  }

  finish(): void {
    if (!this.#total) return;
    this.#state = { ...this.#state, active: [] };
    this.#draw();
    this.#total = null;
    this.#drawn = [];
    this.#stream.write(showCursor);
  }

  /** A terminal that nobody told its size says 0. */
  get #columns(): number {
    return this.#stream.columns || 80;
  }

  #draw(): void {
    if (!this.#total) return;
    // One column less: a full line would move some terminals to the next one.
    const width = Math.max(1, this.#columns - 1);
    const lines = [
      overallLine(this.#total, this.#state, this.#rate, width),
      ...activeLines(this.#state.active, width),
    ];
    this.#stream.write(`${this.#erase()}${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawn = lines;
    this.#drawnAt = this.#clock();
  }

  /** Back to the first line drawn. A terminal made narrower has wrapped the old lines: count what they take now. */
  #erase(): string {
    const rows = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / this.#columns)),
      0,
    );
    return rows === 0 ? '' : `\u001B[${rows}A\r\u001B[J`;
  }
}

class PlainProgress implements Progress {
  readonly #stream: ProgressStream;
  readonly #clock: () => number;
  readonly #rate = new RowRate();
  #total: ProgressTotal | null = null;
  #state: ProgressState = idle;
  #written = '';
  #writtenAt = 0;

  constructor(stream: ProgressStream, clock: () => number) {
    this.#stream = stream;
    this.#clock = clock;
  }

  start(total: ProgressTotal): void {
    this.#total = total;
    this.#writtenAt = this.#clock();
  }

  update(state: ProgressState): void {
    const now = this.#clock();
    this.#rate.add(now, state.rowsDone);
    const ended = state.runsDone > this.#state.runsDone || state.runsFailed > this.#state.runsFailed;
    this.#state = state;
    if (ended || now - this.#writtenAt >= plainMs) this.#write();
  }

  message(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  finish(): void {
    this.#write();
    this.#total = null;
  }

  #write(): void {
    if (!this.#total) return;
    const width = this.#stream.columns || Infinity;
    const line = overallText(this.#total, this.#state, this.#rate).slice(0, width);
    this.#writtenAt = this.#clock();
    if (line !== this.#written) this.#stream.write(`${line}\n`);
    this.#written = line;
  }
}
