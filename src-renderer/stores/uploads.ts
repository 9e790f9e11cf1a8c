import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { makeHostFolder } from '../client/host-files.ts';
import { failureText } from '../failure-text.ts';
import type { FolderFile } from '../sort-files.ts';
import { useNotices } from './notices.ts';
import { useOpenedFiles } from './opened-files.ts';

/** Something to be imported: one lab, or the study logs of a folder. */
export interface Upload {
  /** What the user calls it. */
  readonly name: string;
  /** One file, or those of one folder, whose name their paths begin with. */
  readonly files: readonly FolderFile[];
}

interface UploadProgress {
  readonly name: string;
  readonly sent: number;
  readonly bytes: number;
  /** All is sent; the lab reads it. */
  readonly reading: boolean;
}

/** Files a browser gave for import: sent to the host into a folder of their own, imported from there, and removed again. */
export const useUploads = defineStore('uploads', () => {
  const notices = useNotices();
  const opened = useOpenedFiles();
  const progress = shallowRef<UploadProgress | null>(null);
  let stop = new AbortController();
  let last: Promise<void> = Promise.resolve();

  const share = computed(() => {
    const now = progress.value;
    return now === null || now.bytes === 0 ? 0 : now.sent / now.bytes;
  });

  async function send({ name, files }: Upload): Promise<void> {
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    progress.value = { name, sent: 0, bytes, reading: false };
    stop = new AbortController();
    const { signal } = stop;
    try {
      const folder = await makeHostFolder();
      try {
        let before = 0;
        let lies = '';
        for (const { path, file } of files) {
          const told = (sent: number): void => {
            progress.value = { name, sent: Math.min(before + sent, bytes), bytes, reading: false };
          };
          lies = await folder.put(path, file, told, signal);
          before += file.size;
        }
        progress.value = { name, sent: bytes, bytes, reading: true };
        // A lab is one file, and logs are in one folder: the first part of where any of them lies is what is imported.
        const inside = folder.path.length + 1;
        const [first] = lies.slice(inside).split(/[\\/]/);
        // Told by the user's own names, not by those of the folder it lay in meanwhile.
        const shown = (sentence: string): string => sentence.replaceAll(lies.slice(0, inside), '');
        await opened.importFrom(lies.slice(0, inside) + first, name, shown);
      } finally {
        await folder.remove();
      }
    } catch (error) {
      if (signal.aborted) notices.add('info', `"${name}" was not imported.`);
      else notices.add('error', `"${name}" could not be brought in. ${failureText(error)}`);
    } finally {
      progress.value = null;
    }
  }

  /** One after the other: the lab imports one at a time. */
  function add(upload: Upload): Promise<void> {
    last = last.then(() => send(upload));
    return last;
  }

  return { progress, share, add, cancel: () => stop.abort() };
});
