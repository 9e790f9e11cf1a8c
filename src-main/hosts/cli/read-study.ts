import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ProblemError, problem } from '#shared/models/problem.ts';
import type { Study } from '#shared/models/study.ts';
import { parseStudyWithOverrides } from '#shared/study/override.ts';
import { formatProblem } from '#shared/study/study-problem.ts';
import { presetFile, presetNames } from '../../core/presets.ts';
import type { Terminal } from './terminal.ts';
import { resolvePath } from './terminal.ts';

/** Far above any study file; a larger one was meant for something else, and is not read into memory. */
const largestStudyFile = 1 << 20;

/** Reads a study file, or a preset by its name. @throws ProblemError with every error of the file, each at its line */
export function readStudy(
  terminal: Terminal,
  name: string,
  overrides: readonly string[],
): { study: Study; file: string } {
  const file = locate(terminal, name);
  const shown = path.relative(terminal.folder, file);
  const label = shown.startsWith('..') ? file : shown;
  const parsed = parseStudyWithOverrides(readText(file, label), label, overrides);
  if (parsed.ok) return { study: parsed.study, file };
  throw new ProblemError(
    parsed.problems.map((found) => ({ code: 'study-invalid', message: formatProblem(found) })),
  );
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
