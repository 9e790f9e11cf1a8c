import type { WindowCommand } from '#shared/desktop/messages.ts';

/** What keys can do: the desktop's menu commands, and what only the window knows. */
export type ShortcutCommand = WindowCommand | 'shortcuts' | 'undo' | 'back' | 'forward' | 'runs';

export interface Shortcut {
  readonly command: ShortcutCommand;
  readonly label: string;
  /** As `UKbd` names them; `meta` is Ctrl, and Cmd on a Mac. */
  readonly keys: readonly string[];
  /** `event.key`, lower case. */
  readonly key: string;
  readonly modifier: 'meta' | 'alt' | null;
  /** Works while a text is being written; what a text field has its own use for does not. */
  readonly whileTyping: boolean;
}

function withMeta(command: ShortcutCommand, label: string, key: string, whileTyping = true): Shortcut {
  const shown = key.length === 1 ? key.toUpperCase() : key;
  return { command, label, keys: ['meta', shown], key, modifier: 'meta', whileTyping };
}

/** The keys of the window, the same as in the desktop's menus (`hosts/electron/menu.ts`) where those have them too. */
export const shortcuts: readonly Shortcut[] = [
  withMeta('palette', 'Find a command, a study, a run, a page', 'k'),
  withMeta('find', 'Filter the history, or the table of runs', 'f'),
  { command: 'find', label: 'Filter, too', keys: ['/'], key: '/', modifier: null, whileTyping: false },
  withMeta('new-study', 'New study', 'n'),
  withMeta('start', 'Start or resume the study', 'enter'),
  withMeta('pause', 'Pause the study', '.'),
  withMeta('export', 'Export', 'e'),
  withMeta('toggle-settings', 'Settings, tags and notes beside the page', ','),
  withMeta('undo', 'Undo a delete, or detectors that were kept', 'z', false),
  {
    command: 'back',
    label: 'Back',
    keys: ['alt', 'arrowleft'],
    key: 'arrowleft',
    modifier: 'alt',
    whileTyping: false,
  },
  {
    command: 'forward',
    label: 'Forward',
    keys: ['alt', 'arrowright'],
    key: 'arrowright',
    modifier: 'alt',
    whileTyping: false,
  },
  {
    command: 'shortcuts',
    label: 'This list',
    keys: ['?'],
    key: '?',
    modifier: null,
    whileTyping: false,
  },
];

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The shortcut a key press means. @param typing whether it goes into a text */
export function shortcutOf(press: KeyPress, typing: boolean): Shortcut | null {
  const key = press.key.toLowerCase();
  const meta = press.ctrlKey || press.metaKey;
  const found = shortcuts.find((shortcut) => {
    if (shortcut.key !== key || (typing && !shortcut.whileTyping)) return false;
    if (shortcut.modifier === 'meta') return meta && !press.altKey && !press.shiftKey;
    if (shortcut.modifier === 'alt') return press.altKey && !meta && !press.shiftKey;
    // Which keys make a question mark is the keyboard's affair.
    return !meta && !press.altKey;
  });
  return found ?? null;
}

/** How a command is shown to be reached; empty where it has no keys. */
export function keysOf(command: ShortcutCommand): readonly string[] {
  return shortcuts.find((shortcut) => shortcut.command === command)?.keys ?? [];
}

/** What keys do where the focus is. */
export interface PlaceKeys {
  readonly label: string;
  readonly keys: readonly (readonly string[])[];
}

/** In a chart; what they do is in `figures/zoom-keys.ts`. */
export const chartKeys: readonly PlaceKeys[] = [
  { label: 'Zoom in and out', keys: [['+'], ['-']] },
  { label: 'Move along the epochs', keys: [['arrowleft'], ['arrowright']] },
  { label: 'See everything again', keys: [['0'], ['home']] },
];

/** In the history and in the table of runs. */
export const listKeys: readonly PlaceKeys[] = [
  { label: 'Move', keys: [['arrowup'], ['arrowdown'], ['home'], ['end']] },
  { label: 'Open and close a study', keys: [['arrowright'], ['arrowleft']] },
  { label: 'Go to its page', keys: [['enter']] },
  { label: 'Select one more or less', keys: [['space']] },
  { label: 'Select up to here', keys: [['shift', 'arrowdown']] },
  { label: 'Select everything, or nothing', keys: [['meta', 'A'], ['escape']] },
  { label: 'Delete what is selected', keys: [['delete']] },
];
