import { afterEach, beforeEach, expect, it } from 'vitest';
import { useLab } from '../../../src-renderer/stores/lab.ts';
import { useNotices } from '../../../src-renderer/stores/notices.ts';
import { useTrash } from '../../../src-renderer/stores/trash.ts';
import { useUndo } from '../../../src-renderer/stores/undo.ts';
import { fakeCore } from '../../contract/fake-core.ts';
import type { ObservedCore } from '../../contract/observed-core.ts';
import { observed } from '../../contract/observed-core.ts';
import { quickStudy } from '../../contract/quick-study.ts';
import type { Connected } from '../../contract/transports.ts';
import { windowOver } from './window-lab.ts';

let lab: ObservedCore;
let there: Connected;

beforeEach(async () => {
  lab = observed(fakeCore());
  there = await windowOver(lab.core);
});
afterEach(async () => {
  useLab().close();
  await there.close();
});

const studyIds = (): number[] => lab.core.listStudies({}).map(({ id }) => id);
const runIds = (): number[] => lab.core.listRuns({}).runs.map(({ id }) => id);

it('takes a delete back by its notice or by the keyboard, once', async () => {
  const { id, name } = lab.core.createStudy(quickStudy, 'quick.yaml');
  const trash = useTrash();
  const notices = useNotices();
  expect(await trash.remove({ studies: [{ id, name }], runs: [] })).toBe(true);
  expect(studyIds()).toStrictEqual([]);
  expect(useUndo().undoable).toBe(1);
  const [told] = notices.all;
  expect(told).toMatchObject({ message: expect.stringContaining('"Quick"'), action: { label: 'Undo' } });
  await useUndo().undo();
  told.action?.run();
  await useUndo().undo();
  expect(studyIds()).toStrictEqual([id]);
  expect(useUndo().undoable).toBe(0);
  expect(notices.all).not.toContain(told);
  expect(notices.all.filter(({ level }) => level === 'error')).toStrictEqual([]);
});

it('takes deletes back in the order last in, first out, runs as well as studies', async () => {
  lab.core.createStudy(quickStudy, 'quick.yaml');
  const all = runIds();
  const trash = useTrash();
  await trash.remove({ studies: [], runs: [all[0]] });
  await trash.remove({ studies: [], runs: all.slice(1) });
  expect(runIds()).toStrictEqual([]);
  await useUndo().undo();
  expect(runIds()).toStrictEqual(all.slice(1));
  await useUndo().undo();
  expect(runIds().toSorted((a, b) => a - b)).toStrictEqual(all);
});

it('deletes nothing when there is nothing to delete', async () => {
  expect(await useTrash().remove({ studies: [], runs: [] })).toBe(false);
  expect(useNotices().all).toStrictEqual([]);
});
