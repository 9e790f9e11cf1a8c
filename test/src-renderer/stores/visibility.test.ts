import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { useLab } from '../../../src-renderer/stores/lab.ts';
import { useVisibility } from '../../../src-renderer/stores/visibility.ts';
import { fakeCore } from '../../contract/fake-core.ts';
import type { Connected } from '../../contract/transports.ts';
import { windowOver } from './window-lab.ts';

const names = ['a', 'b', 'c'];

describe('what charts do not draw', () => {
  let connected: Connected;

  async function openWindow(path = '/labs/one.lab'): Promise<ReturnType<typeof useVisibility>> {
    connected = await windowOver(fakeCore());
    const lab = useLab();
    lab.info = { path, appVersion: '0', readOnly: false, workers: 1, recovered: 0, upgraded: null };
    return useVisibility();
  }

  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => kept.set(key, text),
    });
  });
  afterEach(async () => {
    vi.unstubAllGlobals();
    await connected.close();
  });

  it('is nothing until something is hidden, and a study at a time', async () => {
    const visibility = await openWindow();
    expect([...visibility.hiddenConditions(1)]).toStrictEqual([]);
    visibility.toggleCondition(1, 'b');
    expect([...visibility.hiddenConditions(1)]).toStrictEqual(['b']);
    expect([...visibility.hiddenConditions(2)]).toStrictEqual([]);
    visibility.toggleCondition(1, 'b');
    expect([...visibility.hiddenConditions(1)]).toStrictEqual([]);
  });

  it('is all but one condition when that is wanted alone, and nothing when it is asked for again', async () => {
    const visibility = await openWindow();
    visibility.showOnly(1, 'b', names);
    expect([...visibility.hiddenConditions(1)]).toStrictEqual(['a', 'c']);
    visibility.showOnly(1, 'c', names);
    expect([...visibility.hiddenConditions(1)]).toStrictEqual(['a', 'b']);
    visibility.showOnly(1, 'c', names);
    expect([...visibility.hiddenConditions(1)]).toStrictEqual([]);
  });

  it('hides single runs apart from conditions', async () => {
    const visibility = await openWindow();
    visibility.setRuns([4, 5], true);
    visibility.toggleRun(5);
    expect([...visibility.hiddenRuns]).toStrictEqual([4]);
    expect(visibility.isRunHidden(4)).toBe(true);
    expect(visibility.isRunHidden(5)).toBe(false);
  });

  it('is found again in the next window on the same lab, and not on another', async () => {
    const visibility = await openWindow();
    visibility.toggleCondition(1, 'b');
    visibility.toggleRun(7);
    await nextTick();
    await connected.close();
    const again = await openWindow();
    expect([...again.hiddenConditions(1)]).toStrictEqual(['b']);
    expect(again.isRunHidden(7)).toBe(true);
    await connected.close();
    const other = await openWindow('/labs/other.lab');
    expect([...other.hiddenConditions(1)]).toStrictEqual([]);
    expect(other.isRunHidden(7)).toBe(false);
  });

  it('forgets what it cannot read', async () => {
    localStorage.setItem('grokscope.visibility', '{"x": 3');
    const visibility = await openWindow();
    expect([...visibility.hiddenRuns]).toStrictEqual([]);
  });
});
