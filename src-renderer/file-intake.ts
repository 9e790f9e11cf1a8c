import { useDesktop } from './desktop-access.ts';
import { chosenItems, droppedItems } from './given-items.ts';
import type { GivenItem } from './sort-files.ts';
import { sortFiles } from './sort-files.ts';
import { useNotices } from './stores/notices.ts';
import { useOpenedFiles } from './stores/opened-files.ts';
import { useUploads } from './stores/uploads.ts';

/** How files come into the window: through the desktop, which has their paths, or as a browser hands them over. */
export interface FileIntake {
  drop(data: DataTransfer): Promise<void>;
  /** Asks for study files and labs, or for a folder of study logs. */
  choose(what: 'files' | 'folder'): Promise<void>;
}

export function useFileIntake(): FileIntake {
  const desktop = useDesktop();
  const notices = useNotices();
  const opened = useOpenedFiles();
  const uploads = useUploads();

  async function take(items: readonly GivenItem[]): Promise<void> {
    const { studies, labs, logs, refusals } = sortFiles(items);
    for (const refusal of refusals) notices.add('error', refusal);
    const texts = await Promise.all(
      studies.map(async (file) => ({ name: file.name, text: await file.text() })),
    );
    await opened.openStudies(texts);
    for (const file of labs) await uploads.add({ name: file.name, files: [{ path: file.name, file }] });
    for (const { name, files } of logs)
      await uploads.add({ name, files: files.map(({ path, file }) => ({ path: `${name}/${path}`, file })) });
  }

  return {
    async drop(data) {
      if (desktop)
        desktop.open([...data.files].map((file) => desktop.pathForFile(file)).filter((path) => path !== ''));
      else await take(await droppedItems(data));
    },
    async choose(what) {
      if (desktop) desktop.open(await desktop.choose(what === 'folder' ? 'import-folder' : 'open'));
      else await take(chosenItems(await filesOfInput(what === 'folder')));
    },
  };
}

/**
 * The browser's own dialog. Its input stays in the document until it is answered: one that nothing holds is collected as garbage while
 * the dialog is open, and what was chosen reaches nobody.
 * @returns none when it was cancelled
 */
function filesOfInput(folder: boolean): Promise<readonly File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.hidden = true;
  input.multiple = true;
  if (folder) input.webkitdirectory = true;
  else input.accept = '.yaml,.yml,.json,.lab';
  document.body.append(input);
  return new Promise((resolve) => {
    const answer = (): void => {
      input.remove();
      resolve([...(input.files ?? [])]);
    };
    input.addEventListener('change', answer);
    input.addEventListener('cancel', answer);
    input.click();
  });
}
