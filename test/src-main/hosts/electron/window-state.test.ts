import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepWindowState, placeWindow, readWindowState } from '#main/hosts/electron/window-state.ts';
import { FakeWindow } from './fake-electron.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-window-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const second = { x: 1440, y: -200, width: 1920, height: 1080 };
const at = (x: number, y: number, width = 1000, height = 700) => ({
  bounds: { x, y, width, height },
  maximized: false,
});

describe('a window is placed', () => {
  it('in the middle of the first display when nothing is known, and never larger than it', () => {
    const { bounds } = placeWindow(null, [laptop, second]);
    expect(bounds).toEqual({ x: 20, y: 25, width: 1400, height: 875 });
  });

  it('where it was, on whichever display that is', () => {
    expect(placeWindow(at(100, 80), [laptop, second]).bounds).toEqual(at(100, 80).bounds);
    expect(placeWindow(at(1800, 0), [laptop, second]).bounds).toEqual(at(1800, 0).bounds);
  });

  it('in the middle of the first display, at its size, when its display is gone', () => {
    expect(placeWindow(at(1800, 0), [laptop]).bounds).toEqual({ x: 220, y: 113, width: 1000, height: 700 });
  });

  it.each([
    ['left of all', at(-5000, 100)],
    ['with a sliver on it', at(1400, 100)],
    ['with its title bar above it', at(100, -400)],
    ['below it', at(100, 890)],
  ])('on a display when it was %s', (_name, saved) => {
    const { bounds } = placeWindow(saved, [laptop]);
    expect(bounds.x).toBeGreaterThanOrEqual(laptop.x);
    expect(bounds.y).toBeGreaterThanOrEqual(laptop.y);
    expect(bounds.x + bounds.width).toBeLessThanOrEqual(laptop.x + laptop.width);
    expect(bounds.y + bounds.height).toBeLessThanOrEqual(laptop.y + laptop.height);
  });

  it('with its title bar inside when that was just above, and no larger than its display', () => {
    expect(placeWindow(at(100, 10), [laptop]).bounds.y).toBe(25);
    expect(placeWindow(at(100, 80, 9000, 9000), [laptop]).bounds).toMatchObject({ width: 1440, height: 875 });
  });

  it('maximized when it was', () => {
    expect(placeWindow({ ...at(100, 80), maximized: true }, [laptop]).maximized).toBe(true);
    expect(placeWindow({ ...at(9000, 80), maximized: true }, [laptop]).maximized).toBe(true);
  });
});

describe('a state file', () => {
  const file = path.join(folder, 'read.json');

  it.each([
    ['no JSON', '{"bounds":'],
    ['another shape', '{"bounds":{"x":1},"maximized":false}'],
    ['no numbers', '{"bounds":{"x":"1","y":2,"width":3,"height":4},"maximized":false}'],
    ['no size', '{"bounds":{"x":1,"y":2,"width":0,"height":4},"maximized":false}'],
    ['half a pixel', '{"bounds":{"x":1.5,"y":2,"width":3,"height":4},"maximized":false}'],
    ['nothing', ''],
    ['null', 'null'],
  ])('with %s in it is passed over', (_name, text) => {
    writeFileSync(file, text);
    expect(readWindowState(file)).toBeNull();
  });

  it('that is not there is passed over', () => {
    expect(readWindowState(path.join(folder, 'missing.json'))).toBeNull();
  });
});

describe('a moved window is remembered', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('once, half a second after it came to rest', () => {
    const file = path.join(folder, 'moved.json');
    const window = new FakeWindow(1, at(10, 20).bounds);
    keepWindowState(window, file);
    for (let step = 0; step < 20; step++) {
      window.bounds = { ...window.bounds, x: step };
      window.emit('move');
      vi.advanceTimersByTime(100);
    }
    expect(existsSync(file)).toBe(false);
    vi.advanceTimersByTime(400);
    expect(readWindowState(file)).toEqual({ bounds: { ...at(19, 20).bounds }, maximized: false });
    window.maximized = true;
    window.emit('resize');
    vi.advanceTimersByTime(500);
    expect(readWindowState(file)?.maximized).toBe(true);
  });

  it('when it closes, and not after it is destroyed', () => {
    const file = path.join(folder, 'closed.json');
    const window = new FakeWindow(1, at(10, 20).bounds);
    keepWindowState(window, file);
    window.emit('move');
    window.emit('close');
    const saved = readFileSync(file, 'utf8');
    window.destroyed = true;
    window.bounds = { ...window.bounds, x: 999 };
    window.emit('move');
    vi.advanceTimersByTime(1000);
    expect(readFileSync(file, 'utf8')).toBe(saved);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('silently not at all where nothing can be written', () => {
    const window = new FakeWindow(1, at(10, 20).bounds);
    keepWindowState(window, path.join(folder, 'no', 'such', 'folder', 'window.json'));
    expect(() => window.emit('close')).not.toThrow();
  });
});
