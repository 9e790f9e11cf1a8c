import os from 'node:os';
import path from 'node:path';
import { writeData } from './write-data.ts';

/** As a shell has it: 130 is 128 + SIGINT. */
export const exitCodes = { done: 0, runFailed: 1, badInput: 2, interrupted: 130 } as const;

/** Where a command reads from and writes to: data on `print`, everything else on `say`. */
export interface Terminal {
  /** One piece of data, with a line end added. */
  print(text: string): void;
  say(text: string): void;
  /** The stream behind `say`, for progress. */
  readonly messages: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** What a file name given by the user is relative to. */
  readonly folder: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly width: number;
  readonly color: boolean;
}

export function nodeTerminal(): Terminal {
  return {
    print: (text) => writeData(`${text}\n`),
    say: (text) => void process.stderr.write(`${text}\n`),
    messages: process.stderr,
    // npm changes to the project's folder and leaves the user's in INIT_CWD.
    folder: process.env.INIT_CWD ?? process.cwd(),
    home: os.homedir(),
    environment: process.env,
    width: process.stdout.columns || 100,
    color: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  };
}

export function resolvePath(terminal: Terminal, file: string): string {
  return path.resolve(terminal.folder, file);
}
