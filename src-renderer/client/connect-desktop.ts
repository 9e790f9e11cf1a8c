import type {
  DesktopMessage,
  DialogKind,
  OpenedFile,
  WindowCommand,
  WindowMessage,
} from '#shared/desktop/messages.ts';
import { desktopMessageSchema } from '#shared/desktop/messages.ts';
import type { ClientPort } from './connect-message-port.ts';

/** What the desktop asks of the page. */
export interface DesktopListener {
  command(command: WindowCommand): void;
  opened(files: readonly OpenedFile[]): void;
}

/** The desktop around the page: its menus, files and dialogs. A browser page has none. */
export interface Desktop {
  /** Hears what the desktop says from now on; what it said before waits until then. */
  listen(listener: DesktopListener): void;
  /** Asks the user in a dialog of the system. @returns absolute paths; none when it was cancelled */
  choose(dialog: DialogKind, suggestedName?: string): Promise<readonly string[]>;
  /** Hands paths over as if the user had dropped them: the desktop reads them and says what they are. */
  open(paths: readonly string[]): void;
  /** Where a dropped file lies; empty for one that was made in the page. */
  pathForFile(file: File): string;
}

/** The desktop at the other end of its port. Nonsense that comes over it is dropped. */
export function connectDesktop(port: ClientPort, pathForFile: Desktop['pathForFile']): Desktop {
  const asked = new Map<number, (paths: readonly string[]) => void>();
  let listener: DesktopListener | null = null;
  let next = 1;

  function hear(message: DesktopMessage): void {
    switch (message.type) {
      case 'command':
        listener?.command(message.command);
        return;
      case 'opened':
        listener?.opened(message.files);
        return;
      case 'chosen':
        asked.get(message.id)?.(message.paths);
        asked.delete(message.id);
        return;
    }
  }

  function say(message: WindowMessage): void {
    port.postMessage(message);
  }

  port.addEventListener('message', (event) => {
    const parsed = desktopMessageSchema.safeParse('data' in event ? event.data : null);
    if (parsed.success) hear(parsed.data);
  });

  return {
    listen(heard) {
      listener = heard;
      // Only now: what came before there was anyone to hear it has waited in the port.
      port.start();
    },
    choose(dialog, suggestedName = '') {
      const id = next++;
      return new Promise((resolve) => {
        asked.set(id, resolve);
        say({ type: 'choose', id, dialog, suggestedName });
      });
    },
    open: (paths) => say({ type: 'dropped', paths: [...paths] }),
    pathForFile,
  };
}
