import { defineStore } from 'pinia';
import { counted, countText } from '../quantity-text.ts';
import { useLabAccess } from '../lab-access.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';
import { useUndo } from './undo.ts';

/** What is deleted together, and comes back together. */
export interface Removal {
  readonly studies: readonly { readonly id: number; readonly name: string }[];
  readonly runs: readonly number[];
}

/** Deleting, and bringing back: by undoing it, or from the list of what was deleted. */
export const useTrash = defineStore('trash', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const undo = useUndo();

  async function remove(removal: Removal): Promise<boolean> {
    const { studies, runs } = removal;
    if (studies.length + runs.length === 0) return false;
    const done = await lab.attempt(async () => {
      if (runs.length > 0) await client.deleteRuns({ ids: [...runs] });
      for (const { id } of studies) await client.deleteStudy({ id });
    });
    if (!done) return false;
    undo.offer(`Deleted ${named(removal)}, to be brought back for 30 days.`, () => restore(removal));
    return true;
  }

  async function restore(removal: Removal): Promise<void> {
    const { studies, runs } = removal;
    const done = await lab.attempt(async () => {
      for (const { id } of studies) await client.restoreStudy({ id });
      if (runs.length > 0) await client.restoreRuns({ ids: [...runs] });
    });
    if (done) notices.add('info', `Brought back ${named(removal)}.`);
  }

  return { remove, restore };
});

function named({ studies, runs }: Removal): string {
  const parts = [
    ...(studies.length === 1 ? [`"${studies[0].name}"`] : []),
    ...(studies.length > 1 ? [`${countText(studies.length)} studies`] : []),
    ...(runs.length > 0 ? [counted(runs.length, 'run')] : []),
  ];
  return parts.join(' and ');
}
