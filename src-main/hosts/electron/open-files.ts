import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { ProblemError, problem } from '#shared/models/problem.ts';
import type { OpenedFile } from '#shared/desktop/messages.ts';

export const labExtension = '.lab';
export const studyExtensions: readonly string[] = ['.yaml', '.yml', '.json'];

/** Far above any study file; a larger one was meant for something else. */
const largestStudyFile = 1 << 20;

/** A lab, which the desktop opens itself, or what it hands to the window. */
export type UserFile = OpenedFile | { readonly kind: 'lab'; readonly path: string };

/**
 * The files of a command line, absolute. Electron's own switches, the program and its folder are among the arguments and are
 * passed over: only what has one of our extensions is a file that a user gave.
 */
export function filesOfArguments(argv: readonly string[], folder: string): string[] {
  return argv
    .filter((argument) => !argument.startsWith('-'))
    .filter((argument) => [labExtension, ...studyExtensions].includes(extension(argument)))
    .map((argument) => path.resolve(folder, argument));
}

/** Looks at what a user opened or dropped. @throws ProblemError when it is not there, cannot be read, or is none of ours */
export function readUserFile(file: string): UserFile {
  const size = sizeOf(file);
  if (size === 'folder') return { kind: 'folder', path: file };
  // Links resolved, as an open lab's path is: one file must not look like two.
  if (isLab(file)) return { kind: 'lab', path: explained(file, () => realpathSync(file)) };
  if (!studyExtensions.includes(extension(file))) {
    throw problem(
      'bad-argument',
      `${file} is neither a lab (${labExtension}) nor a study (${studyExtensions.join(', ')}).`,
    );
  }
  if (size > largestStudyFile) {
    throw problem(
      'study-unreadable',
      `${file}: ${size} bytes is too large for a study file (at most ${largestStudyFile}).`,
    );
  }
  return { kind: 'study', path: file, text: explained(file, () => readFileSync(file, 'utf8')) };
}

export function isLab(file: string): boolean {
  return extension(file) === labExtension;
}

function extension(file: string): string {
  return path.extname(file).toLowerCase();
}

function sizeOf(file: string): number | 'folder' {
  return explained(file, () => {
    const found = statSync(file);
    if (!found.isDirectory() && !found.isFile()) throw new Error('it is neither a file nor a folder');
    return found.isDirectory() ? 'folder' : found.size;
  });
}

function explained<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw problem('study-unreadable', `${file} cannot be opened (${sentenceOf(error)}).`);
  }
}

/** What to show of an error: the sentences of an expected one, the message of any other. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problems.map(({ message }) => message).join('\n');
  return error instanceof Error ? error.message : String(error);
}
