import { setDiagnostics } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import type { EditorState, Text, TransactionSpec } from '@codemirror/state';
import type { StudyProblem } from '#shared/study/study-problem.ts';

/** Where a problem is in the text: from its column to the end of the value or key that stands there. */
export function problemRange(doc: Text, { line, column }: StudyProblem): { from: number; to: number } {
  // A problem of the file as a whole, or of a text that has changed since, is shown at what there is.
  const row = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(row.from + Math.max(column - 1, 0), row.to);
  const word = /^(?:"[^"]*"?|'[^']*'?|\[[^\]]*\]?|[^\s,:{}[\]#]+|\S)/.exec(row.text.slice(from - row.from));
  return { from, to: from + (word?.[0].length ?? 0) };
}

/** Marks errors and warnings in the text, each with its sentence. */
export function showProblems(
  state: EditorState,
  errors: readonly StudyProblem[],
  warnings: readonly StudyProblem[],
): TransactionSpec {
  const mark =
    (severity: Diagnostic['severity']) =>
    (problem: StudyProblem): Diagnostic => ({
      ...problemRange(state.doc, problem),
      severity,
      message: [problem.field, problem.message].filter((part) => part !== '').join(' '),
    });
  return setDiagnostics(state, [...errors.map(mark('error')), ...warnings.map(mark('warning'))]);
}
