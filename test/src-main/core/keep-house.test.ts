import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { keepHouse } from '#main/core/keep-house.ts';
import { openTestLab, testStudy } from '../store/lab-fixtures.ts';

const day = 86_400_000;

it('a host that stays open for weeks makes a backup a day, keeps three, and ends what was deleted 30 days ago', async () => {
  let now = new Date('2026-03-01T12:00:00Z').getTime();
  const store = openTestLab(undefined, { clock: () => new Date(now) });
  const study = testStudy();
  const { id } = store.studies.save(study, 'small.yaml');
  store.studies.delete(id);
  const warnings: string[] = [];
  const stop = keepHouse(store, (message) => void warnings.push(message), 5);
  const copies = (): string[] =>
    readdirSync(dirname(store.path)).filter((name) => /backup-[-\d]{10}$/.test(name));
  for (let passed = 1; passed <= 4; passed++) {
    const date = new Date(now).toISOString().slice(0, 10);
    await expect.poll(copies, { timeout: 60_000 }).toContain(`test.lab.backup-${date}`);
    now += day;
  }
  await expect.poll(copies, { timeout: 60_000 }).toHaveLength(3);
  expect(store.listDeleted()).toHaveLength(1);
  now += 26 * day;
  await expect.poll(() => store.listDeleted(), { timeout: 60_000 }).toEqual([]);
  await stop();
  expect(warnings).toEqual([]);
  const kept = copies();
  expect(kept).toHaveLength(3);
  now += day;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(copies()).toEqual(kept);
});
