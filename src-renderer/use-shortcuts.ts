import { onMounted, onUnmounted } from 'vue';
import { useRouter } from 'vue-router';
import { shortcutOf } from './shortcuts.ts';
import type { ShortcutCommand } from './shortcuts.ts';
import { useShell } from './stores/shell.ts';
import { useUndo } from './stores/undo.ts';
import { useWindowCommands } from './window-commands.ts';

/** What every shortcut does, for the keyboard and for the palette. */
export function useShortcutCommands(): Readonly<Record<ShortcutCommand, () => void>> {
  const shell = useShell();
  const undo = useUndo();
  const router = useRouter();
  return {
    ...useWindowCommands(),
    shortcuts: () => {
      shell.shortcuts = !shell.shortcuts;
    },
    undo: () => void undo.undo(),
    back: () => router.back(),
    forward: () => router.forward(),
    runs: () => void router.push({ name: 'runs' }),
  };
}

/** Hears the keys of the window for as long as the component that calls this is there. */
export function useShortcuts(): void {
  const undo = useUndo();
  const commands = useShortcutCommands();

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const shortcut = shortcutOf(event, isTyping(event.target));
    if (!shortcut || (shortcut.command === 'undo' && undo.undoable === 0)) return;
    event.preventDefault();
    commands[shortcut.command]();
  }

  // On the window: after a page change nothing of the page has the focus.
  onMounted(() => window.addEventListener('keydown', onKey));
  onUnmounted(() => window.removeEventListener('keydown', onKey));
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
