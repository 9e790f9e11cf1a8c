import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ProblemError, problem } from '#shared/models/problem.ts';
import { presetFile, presetNames } from '../../core/presets.ts';
import type { Terminal } from './terminal.ts';
import { resolvePath } from './terminal.ts';

/** Far above any study file; a larger one was meant for something else, and is not read into memory. */
const largestStudyFile = 1 << 20;

/** A study file as it stands on the disk, under the name that messages about it use. */
export interface StudyText {
  readonly text: string;
  readonly file: string;
}

/** Reads a study file, or a preset by its name. @throws ProblemError study-unreadable */
export function readStudyFile(terminal: Terminal, name: string): StudyText {
  const file = locate(terminal, name);
  const shown = path.relative(terminal.folder, file);
  const label = shown.startsWith('..') ? file : shown;
  return { text: readText(file, label), file: label };
}

function locate(terminal: Terminal, name: string): string {
  const file = resolvePath(terminal, name);
  if (existsSync(file)) return file;
  if (presetNames().includes(name)) return presetFile(name);
  throw problem(
    'study-unreadable',
    `${name}: there is no such study file, and no preset of that name (presets: ${presetNames().join(', ')}).`,
  );
}

function readText(file: string, label: string): string {
  try {
    const { size } = statSync(file);
    if (size > largestStudyFile) {
      throw problem(
        'study-unreadable',
        `${label}: ${size} bytes is too large for a study file (at most ${largestStudyFile}).`,
      );
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw problem('study-unreadable', `${label}: the study file cannot be read (${reason}).`);
  }
}
