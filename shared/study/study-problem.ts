/** Something wrong with a study file: where, which field, and a sentence saying what is allowed and what was found. */
export interface StudyProblem {
  /** The file, or the whole `--set path=value` when the value came from the command line. */
  readonly file: string;
  /** From 1; 0 when the place has no lines (a `--set`). */
  readonly line: number;
  /** From 1, in UTF-16 code units; 0 when the place has no lines. */
  readonly column: number;
  /** Dotted path as the file writes it, e.g. `probes.repulsion.epochs[2]`; empty for the file as a whole. */
  readonly field: string;
  readonly message: string;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A part of a study file that a problem can point at. */
export interface Located {
  readonly place: Place;
  readonly field: string;
}

/** Above this, a list of problems helps nobody; the last entry then says how many were left out. */
const mostProblems = 100;

/** One line for a terminal, e.g. `studies/eta.yaml:14:9 optimizer.weightDecay must be >= 0, got -0.1`. */
export function formatProblem(problem: StudyProblem): string {
  const where = problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
  return [where, problem.field, problem.message].filter((part) => part !== '').join(' ');
}

export function problemAt(at: Located, message: string): StudyProblem {
  const { file, line, column } = at.place;
  return { file, line, column, field: at.field, message };
}

/** In the order of the file, each once: a value that many conditions inherit is wrong in one place only. */
export function tidyProblems(problems: readonly StudyProblem[]): StudyProblem[] {
  const unique = [
    ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
  ].toSorted((a, b) => lineOrder(a) - lineOrder(b) || a.column - b.column);
  const left = unique.length - mostProblems;
  if (left <= 0) return unique;
  const last = unique[mostProblems - 1];
  return [
    ...unique.slice(0, mostProblems),
    { ...last, field: '', message: `and ${left} more problems from here on: mend these first` },
  ];
}

function lineOrder(problem: StudyProblem): number {
  return problem.line > 0 ? problem.line : Number.MAX_SAFE_INTEGER;
}
