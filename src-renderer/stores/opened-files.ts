import { defineStore } from 'pinia';
import { useRouter } from 'vue-router';
import type { StudySummary } from '#shared/models/lab.ts';
import { failureText } from '../failure-text.ts';
import { useLabAccess } from '../lab-access.ts';
import { counted } from '../quantity-text.ts';
import { useDraft } from './draft.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';

/** A study file that was read, by whatever way it came. */
export interface StudyText {
  readonly name: string;
  readonly text: string;
}

/** What comes of files that were opened: one study goes into the editor, several are saved and wait, labs and logs are imported. */
export const useOpenedFiles = defineStore('opened-files', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const draft = useDraft();
  const notices = useNotices();
  const router = useRouter();

  async function openStudies(studies: readonly StudyText[]): Promise<void> {
    if (studies.length === 1) await edit(studies[0]);
    else if (studies.length > 1) await save(studies);
  }

  /** Into the editor; what was being written there can be had back. */
  async function edit({ name, text }: StudyText): Promise<void> {
    const before = { file: draft.file, text: draft.text };
    draft.load(name, text);
    const isOwn = !lab.presets.some((preset) => preset.text === before.text);
    if (before.text.trim() !== '' && before.text !== text && isOwn) {
      notices.add('info', `"${name}" is in the editor, in place of "${before.file}".`, {
        label: 'Undo',
        run: () => draft.load(before.file, before.text),
      });
    }
    await router.push({ name: 'start' });
  }

  async function save(studies: readonly StudyText[]): Promise<void> {
    const saved: StudySummary[] = [];
    for (const study of studies) {
      try {
        saved.push(await client.createStudy({ text: study.text, file: study.name }));
      } catch (error) {
        notices.add('error', failureText(error), { label: 'Edit', run: () => void edit(study) });
      }
    }
    if (saved.length === 0) return;
    notices.add(
      'info',
      `${counted(saved.length, 'study', 'studies')} saved, to be started: ${named(saved)}.`,
      {
        label: saved.length === 1 ? 'Start' : 'Start all',
        run: () => void start(saved),
      },
    );
  }

  async function start(studies: readonly StudySummary[]): Promise<void> {
    for (const { id } of studies) await lab.attempt(() => client.startStudy({ id, engine: lab.engine }));
  }

  /**
   * A lab file or a folder of study logs, on the host's disk, into this lab.
   * @param name what the user calls it
   * @param shown makes a sentence of the host fit for the user, whose file may lie elsewhere
   */
  async function importFrom(
    path: string,
    name: string,
    shown: (sentence: string) => string = (sentence) => sentence,
  ): Promise<void> {
    try {
      const { studyIds, notes } = await client.importFrom({ path });
      const studies = await Promise.all(studyIds.map((id) => client.getStudy({ id })));
      const [first] = studies;
      const what = first === undefined ? 'no new study' : named(studies);
      notices.add(
        'info',
        [`Imported from "${name}": ${what}.`, ...notes.map(shown)].join('\n'),
        first === undefined
          ? null
          : { label: 'Show', run: () => void router.push({ name: 'study', params: { id: first.id } }) },
      );
    } catch (error) {
      notices.add('error', shown(failureText(error)));
    }
  }

  return { openStudies, importFrom };
});

const mostNamed = 5;

function named(studies: readonly StudySummary[]): string {
  const names = studies.slice(0, mostNamed).map(({ name }) => `"${name}"`);
  const more = studies.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
