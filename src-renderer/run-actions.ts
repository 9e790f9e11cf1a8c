import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import type { RunState } from '#shared/models/run.ts';
import { useLabAccess } from './lab-access.ts';
import { useLab } from './stores/lab.ts';
import { useTrash } from './stores/trash.ts';
import { useVisibility } from './stores/visibility.ts';

/** What of a chosen run decides what can be done with it. */
export interface ChosenRun {
  readonly id: number;
  readonly state: RunState;
}

export interface RunAction {
  readonly id: 'compare' | 'hide' | 'show' | 'retry' | 'cancel' | 'delete';
  readonly label: string;
  readonly icon: string;
  readonly run: () => void;
}

const retryable: ReadonlySet<RunState> = new Set(['failed', 'cancelled', 'interrupted']);
const cancellable: ReadonlySet<RunState> = new Set(['queued', 'running', 'interrupted']);

/** What can be done with these runs and studies, the same in the history and in the table of all runs. */
export function useRunActions(
  runs: ComputedRef<readonly ChosenRun[]>,
  studies: ComputedRef<readonly { readonly id: number; readonly name: string }[]>,
): ComputedRef<readonly RunAction[]> {
  const { client } = useLabAccess();
  const lab = useLab();
  const router = useRouter();
  const trash = useTrash();
  const visibility = useVisibility();

  function idsIn(states: ReadonlySet<RunState>): number[] {
    return runs.value.filter(({ state }) => states.has(state)).map(({ id }) => id);
  }

  return computed(() => {
    const ids = runs.value.map(({ id }) => id);
    const [retry, cancel] = [idsIn(retryable), idsIn(cancellable)];
    const shown = ids.filter((id) => !visibility.isRunHidden(id));
    const canChange = lab.info?.readOnly === false;
    const compare = (): void => void router.push({ name: 'compare', query: { runs: ids.join(',') } });
    const possible: readonly (RunAction & { readonly when: boolean })[] = [
      {
        id: 'compare',
        label: 'Compare',
        icon: 'i-lucide-git-compare',
        run: compare,
        when: ids.length > 1 && router.hasRoute('compare'),
      },
      {
        id: 'hide',
        label: 'Hide in charts',
        icon: 'i-lucide-eye-off',
        run: () => visibility.setRuns(ids, true),
        when: shown.length > 0,
      },
      {
        id: 'show',
        label: 'Show in charts',
        icon: 'i-lucide-eye',
        run: () => visibility.setRuns(ids, false),
        when: ids.length > 0 && shown.length < ids.length,
      },
      {
        id: 'retry',
        label: 'Retry',
        icon: 'i-lucide-rotate-ccw',
        run: () => void lab.attempt(() => client.retryRuns({ ids: retry })),
        when: canChange && retry.length > 0,
      },
      {
        id: 'cancel',
        label: 'Cancel',
        icon: 'i-lucide-circle-slash',
        run: () => void lab.attempt(() => client.cancelRuns({ ids: cancel })),
        when: canChange && cancel.length > 0,
      },
      {
        id: 'delete',
        label: 'Delete',
        icon: 'i-lucide-trash-2',
        run: () =>
          void trash.remove({
            studies: studies.value,
            runs: ids,
          }),
        when: canChange && ids.length + studies.value.length > 0,
      },
    ];
    return possible.filter(({ when }) => when);
  });
}
