import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { Workbench } from './lab-command.ts';

const bench = new Workbench();
afterAll(() => bench.remove());

it('while the first study of an empty lab trains, a notice is said once', async () => {
  // Where the daily backup would write there is a folder: it fails, beside the training. A day may end meanwhile.
  for (const hours of [0, 24]) {
    const day = new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 10);
    mkdirSync(bench.path(`x.lab.backup-${day}.partial`));
  }
  const { child, outcome } = bench.start(['start', '--no-open', '--lab', 'x.lab']);
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  await expect.poll(() => said).toContain('backup could not be made');
  await expect.poll(() => said).toContain('The history is empty');
  // As long as a second copy of it would take.
  await sleep(500);
  child.kill('SIGTERM');
  const { code, err } = await outcome;
  expect(code).toBe(0);
  expect(err).toContain('The history is empty: training the study');
  expect(err.match(/backup could not be made/g)).toHaveLength(1);
});
