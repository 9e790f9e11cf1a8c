import { useRoute, useRouter } from 'vue-router';
import type { WindowCommand } from '#shared/desktop/messages.ts';
import { useDraft } from './stores/draft.ts';
import { useShell } from './stores/shell.ts';
import { useStudyActions } from './study-actions.ts';

/** What each command of the desktop's menus does, for whoever wants the same: shortcuts, the palette, a button. */
export function useWindowCommands(): Readonly<Record<WindowCommand, () => void>> {
  const shell = useShell();
  const draft = useDraft();
  const route = useRoute();
  const router = useRouter();
  const actions = useStudyActions();

  function act(...ids: readonly string[]): void {
    if (route.name !== 'start') actions.available.value.find(({ id }) => ids.includes(id))?.run();
  }

  async function startDraft(): Promise<void> {
    if (draft.preview === null || draft.starting) return;
    const id = await draft.start();
    if (id !== null) await router.push({ name: 'study', params: { id } });
  }

  return {
    'new-study': () => void router.push({ name: 'start' }),
    start: () => {
      if (route.name === 'start') void startDraft();
      else act('start', 'retry');
    },
    pause: () => act('pause'),
    export: () => {
      shell.exporting = true;
    },
    find: () => {
      shell.searches++;
    },
    palette: () => {
      shell.palette = !shell.palette;
    },
    'toggle-settings': () => {
      shell.settings = !shell.settings;
    },
    about: () => {
      shell.about = true;
    },
  };
}
