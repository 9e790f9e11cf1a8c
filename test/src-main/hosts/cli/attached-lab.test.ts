import { expect, it, vi } from 'vitest';
import { attachedLab } from '#main/hosts/cli/attach-lab.ts';
import { fakeCore } from '../../../contract/fake-core.ts';
import { observed } from '../../../contract/observed-core.ts';
import { overMessagePort } from '../../../contract/transports.ts';
import { smallStudy } from '../../core/core-fixtures.ts';

it('a command that read too slowly to hear how its study ended looks for itself', async () => {
  const fake = fakeCore();
  let trains = true;
  const { core, emit, listeners } = observed({
    ...fake,
    getStudy: (id) => ({ ...fake.getStudy(id), paused: !trains }),
  });
  const { client, close } = await overMessagePort(core);
  const lab = attachedLab(client, new Promise<never>(() => {}), () => void close());
  const { id } = await core.createStudy(smallStudy(), 'small.yaml');
  const settled = lab.settled(id);
  let isSettled = false;
  void settled.then(() => (isSettled = true));
  await vi.waitFor(() => expect(listeners()).toBe(1));
  // It has looked once, and the study trains.
  await client.getStudy({ id });
  expect(isSettled).toBe(false);
  trains = false;
  // More than is kept for whoever does not read; that the study ended is not in what is left.
  for (let epoch = 0; epoch < 2000; epoch++)
    emit({ type: 'rows', runId: epoch, studyId: id + 1, firstEpoch: epoch, count: 1, testAccuracy: 0 });
  await settled;
  await lab.close();
});
