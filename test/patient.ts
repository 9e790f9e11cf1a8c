import { vi } from 'vitest';

/*
 * Tests wait for what comes, not for how fast it does: both cores are busy while they run, and a second, as is usual, is sometimes too little.
 * `expect.poll` has its own setting in vitest.config.ts; this one has none.
 */
const { waitFor } = vi;
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: 60_000, ...options });
