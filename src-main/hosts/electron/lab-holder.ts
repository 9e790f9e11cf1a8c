import type { PowerSaveBlocker } from 'electron';
import { ProblemError } from '#shared/models/problem.ts';
import type { Core } from '../../core/core.ts';
import type { DesktopDialog } from './electron-parts.ts';
import { sentenceOf } from './open-files.ts';
import { createPowerSave } from './power-save.ts';

export type OpenLab = (file: string, options: { readonly readOnly: boolean }) => Core;

export interface LabHolder {
  /** The open lab's core, or null before the first is open and after the last is closed. */
  core(): Core | null;
  /** Opens a lab, closing the one that is open first; when it cannot be opened, says why and keeps the old one. @returns whether it is open */
  open(file: string): Promise<boolean>;
  /** Waits until everything is committed. */
  close(): Promise<void>;
}

/** Holds the one open lab, and the system awake while it trains. */
export function holdLab(
  openLab: OpenLab,
  dialog: Pick<DesktopDialog, 'showErrorBox' | 'showMessageBox'>,
  blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>,
): LabHolder {
  const powerSave = createPowerSave(blocker);
  let held: { readonly core: Core; readonly leave: () => void } | null = null;

  function hold(core: Core): void {
    held = { core, leave: core.subscribe(powerSave.hear) };
  }

  async function close(): Promise<void> {
    const closing = held;
    held = null;
    if (closing === null) return;
    try {
      await closing.core.close();
    } finally {
      closing.leave();
      powerSave.release();
    }
  }

  async function tryOpen(file: string): Promise<boolean> {
    try {
      hold(openLab(file, { readOnly: false }));
      return true;
    } catch (error) {
      if (isLocked(error)) return openBesideWriter(file, error);
      dialog.showErrorBox('The lab cannot be opened', sentenceOf(error));
      return false;
    }
  }

  async function openBesideWriter(file: string, refusal: ProblemError): Promise<boolean> {
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: 'Another program is using this lab',
      detail: refusal.message,
      buttons: ['Open to Look At', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
    });
    if (response !== 0) return false;
    try {
      hold(openLab(file, { readOnly: true }));
      return true;
    } catch (error) {
      dialog.showErrorBox('The lab cannot be opened', sentenceOf(error));
      return false;
    }
  }

  return {
    core: () => held?.core ?? null,
    close,
    async open(file) {
      const before = held?.core.info().path ?? null;
      try {
        await close();
      } catch (error) {
        dialog.showErrorBox('The lab could not be closed properly', sentenceOf(error));
      }
      if (await tryOpen(file)) return true;
      if (before !== null) await tryOpen(before);
      return false;
    },
  };
}

function isLocked(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problems.some(({ code }) => code === 'lab-locked');
}
