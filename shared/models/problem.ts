/** An expected failure: a stable code for programs and a sentence for people, saying what, where and what to do. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
}

export const problemCodes = [
  'study-unreadable',
  'study-invalid',
  'lab-unreadable',
  'lab-not-sqlite',
  'lab-newer',
  'lab-damaged',
  'lab-read-only',
  'lab-locked',
  'disk-full',
  'not-found',
  'bad-argument',
  'import-invalid',
  'export-failed',
  'engine-unavailable',
  'run-failed',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** Carries problems through code that cannot return them. The hosts print `problems`; anything else that is thrown is a bug. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'ProblemError';
    this.problems = problems;
  }
}

export function problem(code: ProblemCode, message: string): ProblemError {
  return new ProblemError([{ code, message }]);
}
