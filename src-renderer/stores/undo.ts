import { defineStore } from 'pinia';
import { ref } from 'vue';
import { useNotices } from './notices.ts';
import type { Notice } from './notices.ts';

interface Step {
  readonly notice: Notice;
  readonly takeBack: () => Promise<void>;
}

/** What this window did and can take back: by the notice that tells of it, or by the keyboard, last in, first out. */
export const useUndo = defineStore('undo', () => {
  const notices = useNotices();
  const steps: Step[] = [];
  /** Kept beside the array so that the window can show whether there is something to undo. */
  const undoable = ref(0);

  /** Tells what was done, with a way back. */
  function offer(message: string, takeBack: Step['takeBack']): void {
    const notice = notices.add('info', message, { label: 'Undo', run: () => void take(notice) });
    steps.push({ notice, takeBack });
    undoable.value = steps.length;
  }

  async function take({ id }: Notice): Promise<void> {
    const place = steps.findIndex(({ notice }) => notice.id === id);
    // Undone already, by the notice or by the keyboard.
    if (place < 0) return;
    const [{ notice, takeBack }] = steps.splice(place, 1);
    undoable.value = steps.length;
    notices.withdraw(notice);
    await takeBack();
  }

  /** Takes back what was done last in this window. */
  async function undo(): Promise<void> {
    const last = steps.at(-1);
    if (last) await take(last.notice);
  }

  return { undoable, offer, undo };
});
