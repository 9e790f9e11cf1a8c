import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useFileCommands } from './file-commands.ts';
import { themeChoice, themeChoices } from './colour-scheme.ts';
import { revealFigure } from './reveal-figure.ts';
import { keysOf } from './shortcuts.ts';
import type { ShortcutCommand } from './shortcuts.ts';
import { useDraft } from './stores/draft.ts';
import { useHistory } from './stores/history.ts';
import { useLab } from './stores/lab.ts';
import { useStudyPage } from './stores/study-page.ts';
import { useUndo } from './stores/undo.ts';
import { useStudyActions } from './study-actions.ts';
import { studyPages } from './study-pages.ts';
import { useShortcutCommands } from './use-shortcuts.ts';

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
  const undo = useUndo();
  const draft = useDraft();
  const page = useStudyPage();
  const route = useRoute();
  const router = useRouter();
  const actions = useStudyActions();
  const fileCommands = useFileCommands();
  const shortcuts = useShortcutCommands();

  function keyed(command: ShortcutCommand, label: string, icon: string): Command {
    return { id: command, label, icon, keys: keysOf(command), run: shortcuts[command] };
  }

  function goTo(name: string, label: string, icon: string): Command {
    return { id: `go-${name}`, label, icon, keys: [], run: () => void router.push({ name }) };
  }

  const studyCommands = computed<Command[]>(() => {
    const study = actions.study.value;
    if (!study || route.name === 'start') return [];
    const own = actions.available.value.map(({ id, label, icon, run }) => ({
      id,
      label: `${label}: ${study.name}`,
      icon,
      keys: id === 'start' || id === 'pause' ? keysOf(id) : [],
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

  const charts = computed<Command[]>(() => {
    const study = page.detail;
    if (!study || route.name === 'start') return [];
    return page.kinds.map(({ id, title }) => ({
      id: `chart-${id}`,
      label: `Chart: ${title}`,
      icon: 'i-lucide-chart-spline',
      keys: [],
      run: () =>
        void router.push({ name: 'study', params: { id: study.id } }).then(() => revealFigure(title)),
    }));
  });

  const labCommands = computed<Command[]>(() => [
    keyed('new-study', 'New study', 'i-lucide-plus'),
    goTo('runs', 'All runs', 'i-lucide-table-2'),
    goTo('compare', 'Compare...', 'i-lucide-git-compare'),
    ...fileCommands,
    goTo('deleted', 'Recently deleted', 'i-lucide-trash-2'),
    goTo('doctor', 'Doctor: engines, lab, backups', 'i-lucide-stethoscope'),
    ...(undo.undoable > 0 ? [keyed('undo', 'Undo', 'i-lucide-undo-2')] : []),
    keyed('find', 'Filter', 'i-lucide-filter'),
  ]);

  const windowCommands = computed<Command[]>(() => [
    keyed('toggle-settings', 'Settings, tags and notes beside the page', 'i-lucide-panel-right'),
    keyed('back', 'Back', 'i-lucide-arrow-left'),
    keyed('forward', 'Forward', 'i-lucide-arrow-right'),
    ...themeChoices
      .filter((choice) => choice !== themeChoice.value)
      .map((choice) => ({
        id: `theme-${choice}`,
        label: choice === 'system' ? 'Colours: as the system has them' : `Colours: ${choice}`,
        icon: 'i-lucide-sun-moon',
        keys: [],
        run: () => {
          themeChoice.value = choice;
        },
      })),
    keyed('shortcuts', 'Keyboard shortcuts', 'i-lucide-keyboard'),
    keyed('about', 'About Grokscope', 'i-lucide-info'),
  ]);

  const presets = computed<Command[]>(() =>
    lab.presets.map((preset) => ({
      id: `preset-${preset.name}`,
      label: `Edit the preset ${preset.title}`,
      icon: 'i-lucide-file-pen-line',
      keys: [],
      run: () => {
        draft.load(`${preset.name}.yaml`, preset.text);
        void router.push({ name: 'start' });
      },
    })),
  );

  const studies = computed<Command[]>(() =>
    history.studies.map((study) => ({
      id: `study-${study.id}`,
      label: study.name,
      icon: 'i-lucide-flask-conical',
      keys: [],
      run: () => void router.push({ name: 'study', params: { id: study.id } }),
    })),
  );

  return computed(() =>
    [
      { id: 'study', label: 'This study', commands: studyCommands.value },
      { id: 'lab', label: 'Lab', commands: labCommands.value },
      { id: 'studies', label: 'Studies', commands: studies.value },
      { id: 'charts', label: 'Charts', commands: charts.value },
      { id: 'presets', label: 'Presets', commands: presets.value },
      { id: 'window', label: 'Window', commands: windowCommands.value },
    ].filter(({ commands }) => commands.length > 0),
  );
}
