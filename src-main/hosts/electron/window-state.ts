import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';
import type { DesktopWindow } from './electron-parts.ts';

export interface WindowState {
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

const rectangle = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
});
const windowState = z.object({ bounds: rectangle, maximized: z.boolean() });

const preferred = { width: 1400, height: 900 };
export const smallest = { width: 800, height: 560 };
const saveMilliseconds = 500;
/** As much of a window must be on a display to be seen and grabbed. */
const graspable = { width: 120, height: 60 };

/** The state the last session left, or null when there is none that can be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Where a window goes: where it was, if that is still on a display, else in the middle of the first one. */
export function placeWindow(saved: WindowState | null, workAreas: readonly Rectangle[]): WindowState {
  const area = workAreas.find((candidate) => saved !== null && canGrasp(saved.bounds, candidate));
  if (saved === null || area === undefined) {
    return {
      bounds: centred(saved?.bounds ?? preferred, workAreas[0]),
      maximized: saved?.maximized ?? false,
    };
  }
  const width = Math.min(Math.max(saved.bounds.width, smallest.width), area.width);
  const height = Math.min(Math.max(saved.bounds.height, smallest.height), area.height);
  // A title bar above the display's edge could not be dragged back.
  return {
    bounds: { ...saved.bounds, y: Math.max(saved.bounds.y, area.y), width, height },
    maximized: saved.maximized,
  };
}

function canGrasp(bounds: Rectangle, area: Rectangle): boolean {
  const across =
    Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x) >= graspable.width;
  // Its top edge, with the title bar, is what must be on the display.
  const down =
    bounds.y + graspable.height <= area.y + area.height && bounds.y >= area.y - graspable.height / 2;
  return across && down;
}

function centred(size: { readonly width: number; readonly height: number }, area: Rectangle): Rectangle {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

/** Writes the window's place to `file`, half a second after it last changed and when it closes. */
export function keepWindowState(window: DesktopWindow, file: string): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed()) return;
    writeState(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, saveMilliseconds);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('close', save);
}

function writeState(file: string, state: WindowState): void {
  try {
    // Half a file would be read as none: the old one stays until the new one is whole.
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  } catch {
    // A place forgotten is no reason to disturb anyone.
  }
}
