import path from 'node:path';
import type { FileFilter, OpenDialogOptions } from 'electron';
import type { DesktopDialog } from './electron-parts.ts';
import type { DialogKind } from '#shared/desktop/messages.ts';
import { labExtension, studyExtensions } from './open-files.ts';

const bare = (extensions: readonly string[]): string[] => extensions.map((extension) => extension.slice(1));
const labs: FileFilter = { name: 'Lab', extensions: bare([labExtension]) };
const studies: FileFilter = { name: 'Study', extensions: bare(studyExtensions) };
const both: FileFilter = {
  name: 'Labs and studies',
  extensions: [...labs.extensions, ...studies.extensions],
};
const figures: readonly FileFilter[] = [
  { name: 'SVG', extensions: ['svg'] },
  { name: 'PNG', extensions: ['png'] },
];

/** Asks the user for files, a folder, or a place to save. @returns absolute paths; none when the user cancelled */
export async function chooseFiles(
  dialog: Pick<DesktopDialog, 'showOpenDialog' | 'showSaveDialog'>,
  kind: DialogKind,
  suggestedName: string,
): Promise<readonly string[]> {
  switch (kind) {
    case 'open':
      return open(dialog, {
        title: 'Open a study or a lab',
        filters: [both, studies, labs],
        properties: ['openFile', 'multiSelections'],
      });
    case 'import-folder':
      return open(dialog, { title: 'Import study logs', properties: ['openDirectory'] });
    case 'export-folder':
      return open(dialog, {
        title: 'Export into a folder',
        properties: ['openDirectory', 'createDirectory'],
      });
    case 'save-lab':
      return save(dialog, 'Export to a lab file', suggestedName, [labs]);
    case 'save-figure':
      return save(dialog, 'Export a figure', suggestedName, figures);
  }
}

async function open(
  dialog: Pick<DesktopDialog, 'showOpenDialog'>,
  options: OpenDialogOptions,
): Promise<readonly string[]> {
  // Empty when cancelled.
  const { filePaths } = await dialog.showOpenDialog(options);
  return filePaths;
}

async function save(
  dialog: Pick<DesktopDialog, 'showSaveDialog'>,
  title: string,
  suggestedName: string,
  filters: readonly FileFilter[],
): Promise<readonly string[]> {
  // A name, never a place: where it goes is the user's to say.
  const defaultPath = path.posix.basename(path.win32.basename(suggestedName));
  const { filePath } = await dialog.showSaveDialog({ title, defaultPath, filters: [...filters] });
  return filePath === '' ? [] : [filePath];
}
