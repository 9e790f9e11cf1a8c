import { defineStore } from 'pinia';
import { ref } from 'vue';
import { counted, countText } from '../quantity-text.ts';
import { useLabAccess } from '../lab-access.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';
import type { Notice } from './notices.ts';

/** What is deleted together, and comes back together. */
export interface Removal {
  readonly studies: readonly { readonly id: number; readonly name: string }[];
  readonly runs: readonly number[];
}

/** Deleting, and taking it back: by the notice, by the keyboard, or from the list of what was deleted. */
export const useTrash = defineStore('trash', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const removals: { readonly removal: Removal; readonly notice: Notice }[] = [];
  /** Kept beside the array so that the window can show whether there is something to undo. */
  const undoable = ref(0);

  async function remove(removal: Removal): Promise<boolean> {
    const { studies, runs } = removal;
    if (studies.length + runs.length === 0) return false;
    const done = await lab.attempt(async () => {
      if (runs.length > 0) await client.deleteRuns({ ids: [...runs] });
      for (const { id } of studies) await client.deleteStudy({ id });
    });
    if (!done) return false;
    const notice = notices.add('info', `Deleted ${named(removal)}, to be brought back for 30 days.`, {
      label: 'Undo',
      run: () => void takeBack(notice),
    });
    removals.push({ removal, notice });
    undoable.value = removals.length;
    return true;
  }

  async function takeBack(notice: Notice): Promise<void> {
    const place = removals.findIndex((removal) => removal.notice.id === notice.id);
    // Undone already, by the notice or by the keyboard.
    if (place < 0) return;
    const [{ removal }] = removals.splice(place, 1);
    undoable.value = removals.length;
    notices.withdraw(notice);
    await restore(removal);
  }

  async function restore(removal: Removal): Promise<void> {
    const { studies, runs } = removal;
    const done = await lab.attempt(async () => {
      for (const { id } of studies) await client.restoreStudy({ id });
      if (runs.length > 0) await client.restoreRuns({ ids: [...runs] });
    });
    if (done) notices.add('info', `Brought back ${named(removal)}.`);
  }

  /** Brings back what was deleted last in this window. */
  async function undo(): Promise<void> {
    const last = removals.at(-1);
    if (last) await takeBack(last.notice);
  }

  return { undoable, remove, restore, undo };
});

function named({ studies, runs }: Removal): string {
  const parts = [
    ...(studies.length === 1 ? [`"${studies[0].name}"`] : []),
    ...(studies.length > 1 ? [`${countText(studies.length)} studies`] : []),
    ...(runs.length > 0 ? [counted(runs.length, 'run')] : []),
  ];
  return parts.join(' and ');
}
