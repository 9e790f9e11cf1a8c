import { onUnmounted, ref, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { problemsOf } from '#shared/contract/failures.ts';
import { useLabAccess } from './lab-access.ts';
import { textReader } from './run-columns.ts';
import { useLab } from './stores/lab.ts';
import { useNotices } from './stores/notices.ts';
import { throttle } from './throttle.ts';

export interface FoundRun {
  readonly id: number;
  readonly label: string;
}

const pauseMs = 120;
const most = 8;

/** Runs that fit what is typed, in words or as a filter. Half a filter finds nothing and is no error. */
export function useFoundRuns(): {
  readonly wanted: Ref<string>;
  readonly found: ShallowRef<readonly FoundRun[]>;
} {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const wanted = ref('');
  const found = shallowRef<readonly FoundRun[]>([]);
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** Scores that decide it are being made; the lab tells when there are more. */
  let unfinished = false;

  async function find(where: string): Promise<void> {
    try {
      const table = await client.runTable({ where, columns: ['study', 'condition', 'seed'] });
      if (where !== wanted.value) return;
      unfinished = table.pending > 0;
      const [study, condition] = [textReader(table, 'study'), textReader(table, 'condition')];
      const seed = textReader(table, 'seed');
      found.value = Array.from(table.ids.subarray(0, most), (id, place) => ({
        id,
        label: `${study(place)}: ${condition(place)}, seed ${seed(place)} (run ${id})`,
      }));
    } catch (error) {
      found.value = [];
      if (problemsOf(error) === null && lab.state === 'open') notices.failure(error);
    }
  }

  const findAgain = throttle(1000, () => find(wanted.value));
  onUnmounted(
    lab.listen(({ type }) => {
      if (unfinished && type === 'studies') findAgain();
    }),
  );
  watch(wanted, (where) => {
    unfinished = false;
    if (timer !== null) clearTimeout(timer);
    if (where.trim().length < 2) found.value = [];
    else timer = setTimeout(() => void find(where), pauseMs);
  });
  return { wanted, found };
}
