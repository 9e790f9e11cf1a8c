import { problem } from '#shared/models/problem.ts';

/** A run's number as the user typed it. */
export function runId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw problem('bad-argument', `"${text}" is not a run: give its number, as \`list STUDY\` shows it.`);
}
