import { afterAll, expect, it } from 'vitest';
import { Workbench } from '../src-main/hosts/cli/lab-command.ts';
import { serveProcess } from './served-host.ts';
import { committedRows, expectSound, withImport } from './under-fire.ts';

const bench = new Workbench();
afterAll(() => bench.remove());

const study = `study: Fire
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: 3000
seeds: 0..3
`;

it('one run retried by itself goes on after kill -9 of its host, and the rest of its study still waits', async () => {
  const lab = bench.path('retry.lab');
  const host = await serveProcess(bench, 'retry.lab', withImport('long-epochs.ts'));
  const { id } = await host.client.createStudy({ text: study, file: 'study.yaml', overrides: [] });
  const { runs } = await host.client.listRuns({ studyId: id });
  const alone = runs[2].id;
  await host.client.retryRun({ id: alone });
  await expect.poll(() => committedRows(lab).get(alone), { timeout: 60_000 }).toBeGreaterThan(200);
  const before = committedRows(lab);
  host.child.kill('SIGKILL');
  await host.outcome;
  host.leave();
  expectSound(lab, before);

  const next = await serveProcess(bench, 'retry.lab');
  // The others have every chance: two workers, one of them idle.
  const stateOf = async (): Promise<unknown> => {
    const after = await next.client.listRuns({ studyId: id });
    return after.runs.map(({ state, rows }) => [state, rows]);
  };
  await expect.poll(stateOf, { timeout: 90_000 }).toEqual([
    ['queued', 0],
    ['queued', 0],
    ['finished', 3001],
    ['queued', 0],
  ]);
  next.leave();
  next.child.kill('SIGTERM');
  expect((await next.outcome).err).toContain('Going on with Fire (base, seed 2).');

  // Nothing is left to go on with.
  const last = await serveProcess(bench, 'retry.lab');
  last.leave();
  last.child.kill('SIGTERM');
  expect((await last.outcome).err).not.toContain('Going on');
});
