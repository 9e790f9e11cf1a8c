import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Of those that take a minute and more. */
const long = [
  'src-main/trainer/oracle',
  'src-main/trainer/train',
  'src-main/core/trainer-faults',
  'faults/kill',
];

/**
 * Vitest starts with the largest files where it has not yet kept how long each took, as in a fresh clone: the longest, which is short,
 * came last and left a core idle for more than a minute.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- Vitest's own, which leaves the array as it is
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return found === -1 ? long.length : found;
}
