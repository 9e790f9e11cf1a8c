import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Tests of code that keeps no state and starts no process. */
const light = ['test/shared/**/*.test.ts', 'test/src-renderer/**/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/compile-kernels.ts'],
    setupFiles: ['test/patient.ts'],
    testTimeout: 240_000,
    // Half as many again as cores: much of a file's time is waiting for processes. On two cores 814 and 786 s; two took 951, beside other work.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    sequence: { sequencer: LongestFirst },
    hookTimeout: 180_000,
    // What is waited for, not how fast it is: a page whose host trains beside other tests, on a machine that others use too, is slow.
    expect: { poll: { timeout: 60_000 } },
    // As the trainers run: one compute thread, quiet.
    env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '3' },
    projects: [
      // Loading the same modules anew for each file took two thirds of their time.
      { extends: true, test: { name: 'light', include: light, isolate: false } },
      { extends: true, test: { name: 'processes', include: ['test/**/*.test.ts'], exclude: light } },
    ],
  },
});
