import { defineConfig } from 'vitest/config';

/** The long set: `npm run test:faults`. Files run one after the other, so that no test's load is another's fault. */
// oxlint-disable-next-line import/no-default-export -- Vitest reads the default export.
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 20 * 60_000,
    hookTimeout: 5 * 60_000,
    fileParallelism: false,
    env: { FAULTS: 'long', FAULTS_SUMMARY: 'dist/faults.md' },
  },
});
