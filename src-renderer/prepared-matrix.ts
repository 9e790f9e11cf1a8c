import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import { problemsOf } from '#shared/contract/failures.ts';
import type { MatrixQuery, MatrixState } from '#shared/models/matrix.ts';
import { useLabAccess } from './lab-access.ts';
import { useLab } from './stores/lab.ts';
import { useNotices } from './stores/notices.ts';

/** How the matrix that `query` names stands with the host; null while that is not known. Nothing is made until `prepare`. */
export function usePreparedMatrix(query: Ref<MatrixQuery | null>) {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const state = shallowRef<MatrixState | null>(null);
  /** Why it cannot be made. */
  const refusal = ref<string | null>(null);
  const cancelling = ref(false);

  const key = computed(() => JSON.stringify(query.value));

  async function ask(): Promise<void> {
    const [asked, of] = [query.value, key.value];
    if (!asked) return;
    try {
      const answer = await client.matrixState(asked);
      if (of !== key.value) return;
      state.value = answer;
      refusal.value = null;
    } catch (error) {
      if (of !== key.value || lab.state !== 'open') return;
      const problems = problemsOf(error);
      if (problems) refusal.value = problems.map(({ message }) => message).join(' ');
      else notices.failure(error);
    }
  }

  watch(
    key,
    () => {
      state.value = null;
      refusal.value = null;
      void ask();
    },
    { immediate: true },
  );

  const ignore = lab.listen((event) => {
    if (event.type === 'resync') void ask();
    if (event.type !== 'matrix' || JSON.stringify(event.query) !== key.value) return;
    if (event.stage === 'ready' || event.stage === 'stopped') void ask();
    else state.value = { state: 'preparing', stage: event.stage, epoch: event.epoch };
  });
  onScopeDispose(ignore);

  async function prepare(): Promise<void> {
    const [asked, of] = [query.value, key.value];
    if (!asked) return;
    cancelling.value = false;
    state.value = { state: 'preparing', stage: 'training', epoch: 0 };
    try {
      const matrix = await client.prepareMatrix(asked);
      if (of === key.value) state.value = { state: 'ready', matrix };
    } catch (error) {
      // One that was cancelled here is no failure to tell of.
      if (!cancelling.value && lab.state === 'open') notices.failure(error);
      if (of === key.value) void ask();
    }
  }

  async function cancel(): Promise<void> {
    const asked = query.value;
    if (!asked) return;
    cancelling.value = true;
    await lab.attempt(() => client.cancelMatrix(asked));
  }

  return { state, refusal, prepare, cancel };
}
