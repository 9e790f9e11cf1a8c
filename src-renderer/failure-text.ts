import { problemsOf } from '#shared/contract/failures.ts';
import { ConnectionLost } from './client/connection.ts';
import { FilesRefused } from './client/files-refused.ts';

/** What went wrong, in sentences for a person. */
export function failureText(error: unknown): string {
  const problems = problemsOf(error);
  if (problems) return problems.map(({ message }) => message).join('\n');
  if (error instanceof ConnectionLost || error instanceof FilesRefused) return error.message;
  const detail = error instanceof Error ? error.message : String(error);
  return `This should not have happened, and is a fault of the lab: ${detail}`;
}
