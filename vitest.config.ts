import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/compile-kernels.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // A second, as is usual, is too little for a page whose host trains beside other tests.
    expect: { poll: { timeout: 20_000 } },
    // As the trainers run: one compute thread, quiet.
    env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '3' },
  },
});
