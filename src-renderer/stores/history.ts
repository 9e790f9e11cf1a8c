import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { StudySummary } from '#shared/models/lab.ts';
import { throttle } from '../throttle.ts';
import { useLabAccess } from '../lab-access.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';
import type { Notice } from './notices.ts';

/** Often enough to look alive; a list of hundreds costs little. */
const interval = 400;

/** Every study of the lab, newest first, as far as the search lets through. */
export const useHistory = defineStore('history', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const studies = shallowRef<readonly StudySummary[]>([]);
  /** Null until the first answer, so that an empty lab is not announced before it is known to be empty. */
  const loaded = ref(false);
  const search = ref('');
  const deleted: { readonly study: StudySummary; readonly notice: Notice }[] = [];
  /** Kept beside the array so that the window can show whether there is something to undo. */
  const undoable = ref(0);

  async function read(): Promise<void> {
    const asked = search.value.trim();
    try {
      const found = await client.listStudies(asked === '' ? {} : { search: asked });
      // The answer to an older question must not replace that to a newer one.
      if (asked !== search.value.trim()) return;
      studies.value = found;
      loaded.value = true;
    } catch (error) {
      if (lab.state === 'open') notices.failure(error);
    }
  }

  const refresh = throttle(interval, read);
  watch(search, refresh);
  lab.listen(({ type }) => {
    if (type === 'studies' || type === 'run' || type === 'resync') refresh();
  });

  async function remove(study: StudySummary): Promise<boolean> {
    const done = await lab.attempt(() => client.deleteStudy({ id: study.id }));
    if (!done) return false;
    const notice = notices.add('info', `Deleted "${study.name}". It can be brought back for 30 days.`, {
      label: 'Undo',
      run: () => void restore(study.id),
    });
    deleted.push({ study, notice });
    undoable.value = deleted.length;
    refresh();
    return true;
  }

  async function restore(id: number): Promise<void> {
    const place = deleted.findIndex(({ study }) => study.id === id);
    // Undone already, by the notice or by the keyboard.
    if (place < 0) return;
    const [{ study, notice }] = deleted.splice(place, 1);
    undoable.value = deleted.length;
    if (!(await lab.attempt(() => client.restoreStudy({ id })))) return;
    notices.withdraw(notice);
    notices.add('info', `"${study.name}" is back.`);
    refresh();
  }

  /** Brings back the study that was deleted last in this window. */
  async function undo(): Promise<void> {
    const last = deleted.at(-1);
    if (last) await restore(last.study.id);
  }

  return { studies, loaded, search, undoable, refresh, remove, undo };
});
