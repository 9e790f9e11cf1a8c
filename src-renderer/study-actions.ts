import { computed } from 'vue';
import type { StudySummary } from '#shared/models/lab.ts';
import { useLabAccess } from './lab-access.ts';
import { useLab } from './stores/lab.ts';
import { useStudyPage } from './stores/study-page.ts';

export interface StudyAction {
  readonly id: 'start' | 'pause' | 'cancel' | 'retry';
  readonly label: string;
  readonly icon: string;
  readonly run: () => void;
}

/** What can be done now to a study in this state; the words of the buttons and of the commands. */
export function availableActions({
  states,
  paused,
}: Pick<StudySummary, 'states' | 'paused'>): readonly Pick<StudyAction, 'id' | 'label' | 'icon'>[] {
  const waiting = states.queued + states.interrupted;
  const started = states.running > 0 || (waiting > 0 && !paused);
  const begun = states.finished + states.failed + states.interrupted + states.cancelled > 0;
  if (started) {
    return [
      { id: 'pause', label: 'Pause', icon: 'i-lucide-pause' },
      { id: 'cancel', label: 'Cancel', icon: 'i-lucide-circle-slash' },
    ];
  }
  const actions: Pick<StudyAction, 'id' | 'label' | 'icon'>[] = [];
  if (waiting > 0) {
    actions.push({ id: 'start', label: begun ? 'Resume' : 'Start', icon: 'i-lucide-play' });
    actions.push({ id: 'cancel', label: 'Cancel', icon: 'i-lucide-circle-slash' });
  } else if (states.failed + states.cancelled > 0) {
    actions.push({ id: 'retry', label: 'Retry', icon: 'i-lucide-rotate-ccw' });
  }
  return actions;
}

/** The actions of the study whose page is open. */
export function useStudyActions() {
  const { client } = useLabAccess();
  const lab = useLab();
  const page = useStudyPage();
  const study = computed(() => page.detail);

  function act(action: StudyAction['id'], id: number): Promise<boolean> {
    switch (action) {
      case 'start':
      // Starting trains every cell that is not finished, those that failed too.
      case 'retry':
        return lab.attempt(() => client.startStudy({ id, engine: lab.engine }));
      case 'pause':
        return lab.attempt(() => client.pauseStudy({ id }));
      case 'cancel':
        return lab.attempt(() => client.cancelStudy({ id }));
    }
  }

  const available = computed<readonly StudyAction[]>(() => {
    const open = study.value;
    if (!open || (lab.info?.readOnly ?? true)) return [];
    return availableActions(open).map((action) => ({ ...action, run: () => void act(action.id, open.id) }));
  });

  return { study, available };
}
