import { z } from 'zod';

/*
 * The leaves of the file format. Each says in one phrase what it allows; the same phrase is the error message, so that what a
 * person reads and what is checked cannot drift apart.
 */

/** A whole number in low..high. `why` explains a bound that is not obvious. */
export function wholeNumber(low: number, high: number, why = '') {
  const allowed = `must be a whole number in ${low}..${high}${why === '' ? '' : ` (${why})`}`;
  return z.number(allowed).int(allowed).min(low, allowed).max(high, allowed);
}

export function positiveNumber() {
  return z.number('must be a number > 0').gt(0, 'must be > 0');
}

export function nonNegativeNumber() {
  return z.number('must be a number >= 0').min(0, 'must be >= 0');
}

export function finiteNumber() {
  return z.number('must be a finite number');
}

/** A number in [0, 1). */
export function decayRate() {
  return z.number('must be a number in [0, 1)').min(0, 'must be in [0, 1)').lt(1, 'must be in [0, 1)');
}

/** A number in (0, 1). */
export function openShare() {
  return z.number('must be a number in (0, 1)').gt(0, 'must be in (0, 1)').lt(1, 'must be in (0, 1)');
}

export function choice<const T extends readonly [string, ...string[]]>(names: T) {
  return z.enum(names, `must be ${namesOr(names)}`);
}

export function listOf<T extends z.ZodType>(item: T, example: string) {
  const allowed = `must be a list such as ${example}`;
  return z.array(item, allowed).min(1, allowed);
}

/** A mapping with these keys and no others. */
export function fields<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'invalid_type' ? `must be a mapping of ${Object.keys(shape).join(', ')}` : undefined,
  });
}

/** What conditions, detectors and intervals may be called: names end up in file names, tables and legends. */
export const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._+=()-]{0,79}$/u;
const nameAllowed =
  'is not a usable name: up to 80 letters, digits, spaces and . _ - + = ( ), starting with a letter or a digit';

export function named<T extends z.ZodType>(value: T, what: string) {
  return z.record(z.string().regex(namePattern, nameAllowed), value, {
    error: (issue) =>
      issue.code === 'invalid_key'
        ? nameAllowed
        : issue.code === 'invalid_type'
          ? `must be a mapping of ${what}`
          : undefined,
  });
}

/** Written `off`, `false` or left empty, a probe is not computed. */
export function switchable<T extends z.ZodType>(probe: T) {
  return z.union(
    [z.literal('off'), z.literal(false), z.null(), probe],
    'must be a mapping of its settings, or off',
  );
}

export function namesOr(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
}
