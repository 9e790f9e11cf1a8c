import type { FolderFile, GivenItem } from './sort-files.ts';

/** More than any folder of study logs has; a whole disk was not meant. */
const mostFiles = 50_000;

/** What was dropped, folders with all that lies in them. Must be called while the drop is told: later the browser has forgotten it. */
export async function droppedItems(data: DataTransfer): Promise<readonly GivenItem[]> {
  const given = [...data.items].flatMap((item): (File | FileSystemEntry)[] => {
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory) return [entry];
    const file = item.getAsFile();
    return file ? [file] : [];
  });
  const items: GivenItem[] = [];
  for (const item of given) {
    if (item instanceof File) items.push({ kind: 'file', file: item });
    else items.push({ kind: 'folder', name: item.name, files: await filesBelow(item) });
  }
  return items;
}

/** What a file input has; with `webkitdirectory` every file knows the folder it came in. */
export function chosenItems(files: readonly File[]): readonly GivenItem[] {
  const folders = new Map<string, FolderFile[]>();
  const loose: GivenItem[] = [];
  for (const file of files) {
    const [folder, ...rest] = file.webkitRelativePath.split('/');
    if (rest.length === 0) loose.push({ kind: 'file', file });
    else {
      const there = folders.get(folder) ?? [];
      there.push({ path: rest.join('/'), file });
      folders.set(folder, there);
    }
  }
  return [
    ...loose,
    ...[...folders].map(([name, inside]) => ({ kind: 'folder' as const, name, files: inside })),
  ];
}

async function filesBelow(root: FileSystemEntry): Promise<readonly FolderFile[]> {
  const found: FolderFile[] = [];
  const waiting = [root];
  for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
    if (found.length + waiting.length > mostFiles) break;
    if (isFolder(entry)) waiting.push(...(await entriesOf(entry)));
    else if (isFile(entry))
      found.push({ path: entry.fullPath.slice(root.fullPath.length + 1), file: await fileOf(entry) });
  }
  return found;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** A reader hands out a hundred at a time, and nothing when it is at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all;
    all.push(...some);
  }
}
