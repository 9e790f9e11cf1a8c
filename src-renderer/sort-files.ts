import { bytesText } from './quantity-text.ts';

/** A file the user gave, or a folder with all that lies in it. */
export type GivenItem =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'folder'; readonly name: string; readonly files: readonly FolderFile[] };

export interface FolderFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  readonly file: File;
}

export interface SortedFiles {
  readonly studies: readonly File[];
  readonly labs: readonly File[];
  readonly logs: readonly { readonly name: string; readonly files: readonly FolderFile[] }[];
  /** Why the others are not taken, and what could be, a sentence each. */
  readonly refusals: readonly string[];
}

/** Far above any study; a dropped film is not one. */
const largestStudy = 1024 * 1024;
/** What of a study log is read; beside them may lie gigabytes of checkpoints. */
const logFiles = ['log.jsonl', 'config.json'];

/** Tells what was given by its name: nothing of it is read yet. */
export function sortFiles(items: readonly GivenItem[]): SortedFiles {
  const studies: File[] = [];
  const labs: File[] = [];
  const logs: SortedFiles['logs'][number][] = [];
  const refusals: string[] = [];

  function sortFile(file: File): void {
    if (/\.lab$/i.test(file.name)) labs.push(file);
    else if (!/\.(ya?ml|json)$/i.test(file.name))
      refusals.push(
        `"${file.name}" is neither a study file (.yaml, .yml, .json) nor a lab (.lab). A study log comes in with its folder, which holds log.jsonl and config.json.`,
      );
    else if (file.size > largestStudy)
      refusals.push(
        `"${file.name}" has ${bytesText(file.size)}, and a study file at most ${bytesText(largestStudy)}. Is it the one you meant?`,
      );
    else studies.push(file);
  }

  for (const item of items) {
    if (item.kind === 'file') sortFile(item.file);
    else {
      const files = item.files.filter(({ path }) => logFiles.includes(path.split('/').at(-1) ?? ''));
      if (files.length > 0) logs.push({ name: item.name, files });
      else
        refusals.push(
          `"${item.name}" holds no study logs. A study log is a folder with log.jsonl and config.json; give that folder, or one that holds such folders.`,
        );
    }
  }
  return { studies, labs, logs, refusals };
}
