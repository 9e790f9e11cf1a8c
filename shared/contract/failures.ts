import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { Problem, ProblemCode } from '../models/problem.ts';
import { problemCodes } from '../models/problem.ts';

const problems = z
  .array(z.object({ code: z.enum(problemCodes), message: z.string() }))
  .min(1)
  .readonly();

/** 422: the request was understood and cannot be done. The code of the error says why; its data says it in sentences. */
const failure = { status: 422, data: z.object({ problems }).readonly() };

/** Every code of an expected failure as an error of the contract; a code left out here does not compile. */
export const failures = {
  'study-unreadable': failure,
  'study-invalid': failure,
  'lab-unreadable': failure,
  'lab-not-sqlite': failure,
  'lab-newer': failure,
  'lab-damaged': failure,
  'lab-read-only': failure,
  'lab-locked': failure,
  'disk-full': failure,
  'not-found': failure,
  'bad-argument': failure,
  'import-invalid': failure,
  'export-failed': failure,
  'engine-unavailable': failure,
  'run-failed': failure,
} satisfies Record<ProblemCode, typeof failure>;

/** Where every operation of the contract starts: it can fail in any of the expected ways, and in the same way everywhere. */
export const operation = oc.errors(failures);

const failed = z.object({ code: z.enum(problemCodes), data: z.object({ problems }) });

/** The sentences an operation failed with; null when the error is none of the expected ones (a bug, or a lost connection). */
export function problemsOf(error: unknown): readonly Problem[] | null {
  const read = failed.safeParse(error);
  return read.success ? read.data.data.problems : null;
}

/** Whether an operation failed because what it names is not there (any more). */
export function isNotFound(error: unknown): boolean {
  return problemsOf(error)?.some(({ code }) => code === 'not-found') ?? false;
}
