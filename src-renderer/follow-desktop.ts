import type { OpenedFile } from '#shared/desktop/messages.ts';
import { useDesktop } from './desktop-access.ts';
import { useOpenedFiles } from './stores/opened-files.ts';
import { useWindowCommands } from './window-commands.ts';

/** Does what the desktop around the window says: its menus' commands, and what came of files it opened. In a browser nobody says anything. */
export function useDesktopMessages(): void {
  const commands = useWindowCommands();
  const opened = useOpenedFiles();

  async function take(files: readonly OpenedFile[]): Promise<void> {
    const studies = files.flatMap((file) =>
      file.kind === 'study' ? [{ name: baseName(file.path), text: file.text }] : [],
    );
    await opened.openStudies(studies);
    for (const file of files)
      if (file.kind !== 'study') await opened.importFrom(file.path, baseName(file.path));
  }

  useDesktop()?.listen({
    command: (command) => commands[command](),
    opened: (files) => void take(files),
  });
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
