import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useFileCommands } from './file-commands.ts';
import { useDraft } from './stores/draft.ts';
import { useHistory } from './stores/history.ts';
import { useLab } from './stores/lab.ts';
import { useStudyActions } from './study-actions.ts';
import { studyPages } from './study-pages.ts';

/** Something the window can do, as the palette lists it. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  readonly keys: readonly string[];
  readonly run: () => void;
}

export interface CommandGroup {
  readonly id: string;
  readonly label: string;
  readonly commands: readonly Command[];
}

/** Every command that can be carried out now, in groups. */
export function useCommands(): ComputedRef<readonly CommandGroup[]> {
  const lab = useLab();
  const history = useHistory();
  const draft = useDraft();
  const route = useRoute();
  const router = useRouter();
  const actions = useStudyActions();
  const fileCommands = useFileCommands();

  const studyCommands = computed<Command[]>(() => {
    const study = actions.study.value;
    if (!study || route.name === 'start') return [];
    const own = actions.available.value.map(({ id, label, icon, run }) => ({
      id,
      label: `${label}: ${study.name}`,
      icon,
      keys: [],
      run,
    }));
    const pages = studyPages.map(({ name, label, icon }) => ({
      id: `page-${name}`,
      label: `${label}: ${study.name}`,
      icon,
      keys: [],
      run: () => void router.push({ name, params: { id: study.id } }),
    }));
    return [...own, ...pages];
  });

  return computed(() =>
    [
      { id: 'study', label: 'This study', commands: studyCommands.value },
      {
        id: 'lab',
        label: 'Lab',
        commands: [
          {
            id: 'new',
            label: 'New study',
            icon: 'i-lucide-plus',
            keys: [],
            run: () => void router.push({ name: 'start' }),
          },
          {
            id: 'compare',
            label: 'Compare...',
            icon: 'i-lucide-git-compare',
            keys: [],
            run: () => void router.push({ name: 'compare' }),
          },
          ...fileCommands,
          ...(history.undoable > 0
            ? [
                {
                  id: 'undo',
                  label: 'Undo delete',
                  icon: 'i-lucide-undo-2',
                  keys: ['meta', 'Z'],
                  run: () => void history.undo(),
                },
              ]
            : []),
        ],
      },
      {
        id: 'presets',
        label: 'Presets',
        commands: lab.presets.map((preset) => ({
          id: `preset-${preset.name}`,
          label: `Edit the preset ${preset.title}`,
          icon: 'i-lucide-file-pen-line',
          keys: [],
          run: () => {
            draft.load(`${preset.name}.yaml`, preset.text);
            void router.push({ name: 'start' });
          },
        })),
      },
      {
        id: 'studies',
        label: 'Studies',
        commands: history.studies.map((study) => ({
          id: `study-${study.id}`,
          label: study.name,
          icon: 'i-lucide-flask-conical',
          keys: [],
          run: () => void router.push({ name: 'study', params: { id: study.id } }),
        })),
      },
    ].filter(({ commands }) => commands.length > 0),
  );
}
