import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { randomBelow } from '../src-main/store/damaged-labs.ts';

/** The long set takes some minutes: `npm run test:faults`. The short one belongs to `npm test`. */
export const isLong = process.env.FAULTS === 'long';

export function shortOrLong<T>(short: T, long: T): T {
  return isLong ? long : short;
}

/** A generator for one test, with its seed on the screen: `FAULTS_SEED=... vitest run ...` draws the same again. */
export function seededFor(
  test: string,
  seed = Number(process.env.FAULTS_SEED ?? 20_261_123),
): (limit: number) => number {
  console.info(`${test}: seed ${seed}`);
  return randomBelow(seed);
}

/** A line of the summary: on the screen, and for the long set in the file that FAULTS_SUMMARY names. */
export function summarize(line: string): void {
  console.info(line);
  const file = process.env.FAULTS_SUMMARY;
  if (file === undefined) return;
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `- ${line}\n`);
}
