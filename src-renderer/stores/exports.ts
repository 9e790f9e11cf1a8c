import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { useRoute } from 'vue-router';
import { tableFormats } from '#shared/contract/exchange.ts';
import { problemsOf } from '#shared/contract/failures.ts';
import { makeHostFolder } from '../client/host-files.ts';
import { useDesktop } from '../desktop-access.ts';
import { failureText } from '../failure-text.ts';
import { useLabAccess } from '../lab-access.ts';
import { remembered, rememberedText } from '../remembered.ts';
import { isStudyPage } from '../study-pages.ts';
import { useRunPage } from './run-page.ts';
import { useStudyPage } from './study-page.ts';

export const exportFormats = [...tableFormats, 'lab'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportPlaces = ['download', 'folder'] as const;
export type ExportPlace = (typeof exportPlaces)[number];

/** What can be taken out of the lab from the page that is open. */
export type ExportSubject =
  | { readonly key: 'study' | 'run'; readonly id: number; readonly label: string; readonly name: string }
  | { readonly key: 'lab'; readonly label: string; readonly name: string };

/** What was written. */
export interface Exported {
  readonly files: readonly ExportedFile[];
  /** Null for a lab. */
  readonly rows: number | null;
}

export interface ExportedFile {
  /** Its name for a download, its path for one that lies on this machine. */
  readonly name: string;
  /** Where a browser gets it, once; null for a file that is where it belongs. */
  readonly address: string | null;
}

interface Failure {
  readonly message: string;
  /** Something is there already, and may be replaced. */
  readonly replaceable: boolean;
}

/** Taking studies, runs or the whole lab out: as files of the desktop, as downloads, or into a folder of this machine. */
export const useExports = defineStore('exports', () => {
  const { client } = useLabAccess();
  const desktop = useDesktop();
  const route = useRoute();
  const studyPage = useStudyPage();
  const runPage = useRunPage();
  const format = remembered<ExportFormat>('export.format', 'csv', exportFormats);
  const place = remembered<ExportPlace>('export.place', 'download', exportPlaces);
  const folder = rememberedText('export.folder', '');
  const chosen = ref<ExportSubject['key']>('study');
  const busy = ref(false);
  const done = shallowRef<Exported | null>(null);
  const failure = shallowRef<Failure | null>(null);

  const subjects = computed<readonly ExportSubject[]>(() => {
    const all: ExportSubject[] = [];
    const run = route.name === 'run' ? runPage.run : null;
    const study = isStudyPage(route.name) ? studyPage.detail : null;
    if (run)
      all.push({
        key: 'run',
        id: run.id,
        label: `This run: ${run.condition}, seed ${run.seed}`,
        name: fileName(`${run.studyName} ${run.condition} seed ${run.seed}`),
      });
    const [studyId, studyName] = run ? [run.studyId, run.studyName] : [study?.id, study?.name];
    if (studyId !== undefined && studyName !== undefined)
      all.push({ key: 'study', id: studyId, label: `The study: ${studyName}`, name: fileName(studyName) });
    return [...all, { key: 'lab', label: 'The whole lab', name: 'lab' }];
  });
  const subject = computed(() => subjects.value.find(({ key }) => key === chosen.value) ?? subjects.value[0]);
  const formats = computed(() => (subject.value.key === 'lab' ? (['lab'] as const) : exportFormats));
  const form = computed<ExportFormat>(() => (subject.value.key === 'lab' ? 'lab' : format.value));
  /** A study log is a folder for each run, which no download is. */
  const canDownload = computed(() => form.value !== 'study-log');
  const goesTo = computed<ExportPlace | 'desktop'>(() => {
    if (desktop) return 'desktop';
    return canDownload.value ? place.value : 'folder';
  });

  /** Begins anew, with what the page shows. */
  function begin(): void {
    chosen.value = subjects.value[0].key;
    forget();
  }

  function forget(): void {
    done.value = null;
    failure.value = null;
  }

  async function run(replace = false): Promise<void> {
    busy.value = true;
    forget();
    try {
      done.value = await write(replace);
    } catch (error) {
      failure.value = explained(error);
    }
    busy.value = false;
  }

  function write(replace: boolean): Promise<Exported | null> {
    switch (goesTo.value) {
      case 'desktop':
        return toChosenPlace(replace);
      case 'download':
        return toDownloads();
      case 'folder':
        return toFolder(folder.value.trim(), replace);
    }
  }

  async function toChosenPlace(replace: boolean): Promise<Exported | null> {
    const { name } = subject.value;
    if (form.value === 'lab') {
      const [file] = (await desktop?.choose('save-lab', `${name}.lab`)) ?? [];
      // The system's dialog has asked whether to replace what is there.
      return file === undefined ? null : writeLab(file, true);
    }
    const [chosenFolder] = (await desktop?.choose('export-folder')) ?? [];
    return chosenFolder === undefined ? null : toFolder(chosenFolder, replace);
  }

  function toFolder(path: string, replace: boolean): Promise<Exported> {
    const { name } = subject.value;
    if (form.value === 'lab') return writeLab(inside(path, `${name}.lab`), replace);
    return writeTables(inside(path, `${name}-${form.value}`), replace);
  }

  async function toDownloads(): Promise<Exported> {
    const { name } = subject.value;
    const folderThere = await makeHostFolder();
    try {
      const { files, rows } =
        form.value === 'lab'
          ? await writeLab(inside(folderThere.path, `${name}.lab`), false)
          : await writeTables(folderThere.path, false);
      const downloads = files.map((file) => {
        const place = file.name.slice(folderThere.path.length + 1).replaceAll('\\', '/');
        return {
          name: form.value === 'lab' ? place : `${name}-${place}`,
          address: folderThere.address(place),
        };
      });
      return { files: downloads, rows };
    } catch (error) {
      await folderThere.remove();
      throw error;
    }
  }

  async function writeTables(path: string, replace: boolean): Promise<Exported> {
    const target = subject.value;
    const tables = form.value;
    if (target.key === 'lab' || tables === 'lab') throw new Error('A lab has no tables of its own.');
    const { files, rows } = await client.exportTables({
      target: { kind: target.key, id: target.id },
      format: tables,
      folder: path,
      force: replace,
    });
    return { files: files.map((name) => ({ name, address: null })), rows };
  }

  async function writeLab(file: string, replace: boolean): Promise<Exported> {
    const target = subject.value;
    await client.exportLab({
      target: target.key === 'lab' ? { kind: 'lab' } : { kind: target.key, id: target.id },
      file,
      force: replace,
    });
    return { files: [{ name: file, address: null }], rows: null };
  }

  return {
    format,
    place,
    folder,
    chosen,
    busy,
    done,
    failure,
    subjects,
    subject,
    formats,
    form,
    canDownload,
    goesTo,
    begin,
    forget,
    run,
  };
});

/** The lab's sentences name options of the command line where the window has buttons. */
function explained(error: unknown): Failure {
  const replaceable = problemsOf(error)?.some(
    ({ code, message }) => code === 'export-failed' && message.includes('is there already'),
  );
  const message = failureText(error)
    .replace(/ Add --force to replace it, or name another --out\.$/, '')
    .replaceAll(/name another --out/gi, 'choose another folder');
  return { message, replaceable: replaceable ?? false };
}

/** As the paths of its machine are written. */
function inside(folder: string, name: string): string {
  const separator = /^[A-Za-z]:|\\/.test(folder) ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

function fileName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 80);
}
