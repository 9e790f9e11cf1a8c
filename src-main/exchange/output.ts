import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProblemError, problem } from '#shared/models/problem.ts';
import { isDiskFull } from '../store/disk-full.ts';
import type { ExportOptions } from './export-target.ts';

/**
 * Writes a set of files whole or not at all: `write` fills `x.partial` files, which take their names when it returns and go
 * away when it throws.
 * @param names relative to `folder`; folders in them are made
 * @param write gets the path to fill for a name
 * @returns the paths written
 * @throws export-failed naming the files that are there already (unless `force`) or what could not be written; disk-full
 */
export function writeOutput(
  folder: string,
  names: readonly string[],
  options: ExportOptions,
  write: (pathOf: (name: string) => string) => void,
): string[] {
  const files = names.map((name) => join(folder, name));
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0 && options.force !== true) {
    const more = there.length > 1 ? ` (and ${there.length - 1} more)` : '';
    throw problem(
      'export-failed',
      `${there[0]} is there already${more}. Add --force to replace it, or name another place.`,
    );
  }
  try {
    for (const file of files) mkdirSync(dirname(file), { recursive: true });
    write((name) => partial(join(folder, name)));
    for (const file of files) renameSync(partial(file), file);
    return files;
  } catch (error) {
    for (const file of files.map(partial)) if (existsSync(file)) rmSync(file);
    throw outputProblem(error, folder);
  }
}

/** A text file written in pieces. */
export function writeText(path: string, pieces: Iterable<string>): void {
  const descriptor = openSync(path, 'w');
  try {
    let waiting = '';
    for (const piece of pieces) {
      waiting += piece;
      if (waiting.length < 1 << 20) continue;
      writeAll(descriptor, waiting);
      waiting = '';
    }
    writeAll(descriptor, waiting);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset);
}

function partial(file: string): string {
  return `${file}.partial`;
}

function outputProblem(error: unknown, folder: string): unknown {
  if (isDiskFull(error)) {
    return problem(
      'disk-full',
      `${folder}: the disk is full; nothing was exported. Free some space there, or name another place.`,
    );
  }
  if (error instanceof ProblemError) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  if (error.code.startsWith('ERR_')) return error;
  return problem('export-failed', `${folder}: cannot be written (${error.message}). Name another --out.`);
}
