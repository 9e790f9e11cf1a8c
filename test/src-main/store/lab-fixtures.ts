import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Study } from '#shared/models/study.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { type LabStore, type LabStoreOptions, openLabStore } from '#main/store/lab-store.ts';
import { ProblemError } from '#shared/models/problem.ts';

/** A folder of its own for the running test, gone afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grokscope-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A lab that is closed when the test ends, if the test has not closed it. */
export function openTestLab(
  path = join(temporaryFolder(), 'test.lab'),
  options: LabStoreOptions = {},
): LabStore {
  const store = openLabStore(path, options);
  onTestFinished(() => store.close());
  return store;
}

export function testStudy(
  changes: { name?: string; seeds?: string; epochs?: number; late?: string } = {},
): Study {
  const text = `
study: ${changes.name ?? 'Small'}
task: { kind: modular-addition, modulus: 23 }
split: { train: 265 }
network: { width: 64 }
optimizer: { kind: adam, learningRate: 0.001, weightDecay: 0.0002 }
epochs: ${changes.epochs ?? 600}
seeds: ${changes.seeds ?? '0..1'}
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
late: ${changes.late ?? '[200, 400]'}
`;
  const parsed = parseStudy(text, 'small.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.study;
}

/** The first problem that `work` refuses with; anything else it throws, or nothing, fails the test. */
export function refusal(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError && error.problems[0] !== undefined) return error.problems[0];
    throw error;
  }
  throw new Error('nothing was refused');
}
