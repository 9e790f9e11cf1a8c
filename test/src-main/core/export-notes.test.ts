import { expect, it } from 'vitest';
import { temporaryFolder } from '../store/lab-fixtures.ts';
import { openCore, smallStudy } from './core-fixtures.ts';

it('what a format cannot say is told to whoever has the lab open', async () => {
  const { core, events } = openCore();
  const text = smallStudy({ seeds: '[0]' }).replace(/optimizer: \{/, 'optimizer: { kind: sgd,');
  const { id } = core.createStudy(text, 'small.yaml');
  await core.startStudy(id, { engine: 'plain' });
  await core.settled(id);
  core.exportTables({ kind: 'study', id }, 'csv', `${temporaryFolder()}/csv`, false);
  core.exportTables({ kind: 'study', id }, 'study-log', `${temporaryFolder()}/logs`, false);
  const notices = events.filter(({ type }) => type === 'notice');
  expect(notices).toContainEqual({
    type: 'notice',
    level: 'warning',
    message: expect.stringMatching(/^config\.json names the optimizer \(sgd\)/),
  });
  expect(notices.filter((event) => 'message' in event && event.message.includes('config.json'))).toHaveLength(
    1,
  );
});
