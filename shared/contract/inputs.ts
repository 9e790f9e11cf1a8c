import { z } from 'zod';

/*
 * The leaves of inputs. Each says in one phrase what it allows; the phrase becomes the error, e.g.
 * `startStudy: id must be a whole number >= 1, got -3`.
 */

/** What one call may carry at most; a slip of a script should be told, not tried. */
const mostIds = 10_000;
const mostTags = 50;
const longestTag = 60;
const longestNote = 20_000;

export function wholeFrom(least: number) {
  const allowed = `must be a whole number >= ${least}`;
  return z.number(allowed).int(allowed).min(least, allowed);
}

export const id = wholeFrom(1);

export const ids = z
  .array(id, 'must be a list of run numbers, such as [1, 2]')
  .min(1, 'must name at least one run')
  .max(mostIds, `must name at most ${mostIds} runs`)
  .readonly();

export const yesOrNo = z.boolean('must be true or false');

export function text(what: string) {
  return z.string(`must be ${what}`);
}

export function choice<const T extends readonly [string, ...string[]]>(names: T) {
  return z.enum(names, `must be one of ${names.join(', ')}`);
}

/** The host's folder is not the client's, so a relative path would mean something else than it says. */
export const absolutePath = z
  .string('must be an absolute path')
  .regex(/^(?:\/|[A-Za-z]:[\\/]|\\\\)[^\0]*$/, 'must be an absolute path');

export const tags = z
  .array(
    z
      .string('must be text')
      .trim()
      .min(1, 'must not be empty')
      .max(longestTag, `must have at most ${longestTag} characters`),
    'must be a list of words',
  )
  .max(mostTags, `must have at most ${mostTags} entries`)
  .readonly();

export const note = z.string('must be text').max(longestNote, `must have at most ${longestNote} characters`);

/** An object with these fields and no others. */
export function fields<T extends z.core.$ZodLooseShape>(shape: T) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'invalid_type') return `must be an object with ${names}`;
      if (issue.code === 'unrecognized_keys')
        return `must have no ${issue.keys.join(', ')}; it knows ${names}`;
      return undefined;
    },
  });
}

export const byId = fields({ id });
