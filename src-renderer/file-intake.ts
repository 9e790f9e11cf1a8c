import { useDesktop } from './desktop-access.ts';
import { droppedItems } from './given-items.ts';
import type { GivenItem } from './sort-files.ts';
import { sortFiles } from './sort-files.ts';
import { useNotices } from './stores/notices.ts';
import { useOpenedFiles } from './stores/opened-files.ts';

/** How files come into the window: through the desktop, which has their paths, or as a browser hands them over. */
export interface FileIntake {
  drop(data: DataTransfer): Promise<void>;
}

export function useFileIntake(): FileIntake {
  const desktop = useDesktop();
  const notices = useNotices();
  const opened = useOpenedFiles();

  async function take(items: readonly GivenItem[]): Promise<void> {
    const { studies, labs, logs, refusals } = sortFiles(items);
    for (const refusal of refusals) notices.add('warning', refusal);
    for (const { name } of [...labs, ...logs])
      notices.add('warning', `"${name}" comes in with: npm run -s cli -- import PATH`);
    const texts = await Promise.all(
      studies.map(async (file) => ({ name: file.name, text: await file.text() })),
    );
    await opened.openStudies(texts);
  }

  return {
    async drop(data) {
      if (desktop)
        desktop.open([...data.files].map((file) => desktop.pathForFile(file)).filter((path) => path !== ''));
      else await take(await droppedItems(data));
    },
  };
}
