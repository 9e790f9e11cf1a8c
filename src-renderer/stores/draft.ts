import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { StudyCheck } from '#shared/models/lab.ts';
import { formatProblem } from '#shared/study/study-problem.ts';
import { rememberedText } from '../remembered.ts';
import { useLabAccess } from '../lab-access.ts';
import { counted } from '../quantity-text.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';

/** After this long without a key the lab is asked; a keystroke is not worth a question. */
const pauseMs = 200;

/** An engine's speed is known after a few seconds. */
const measuringMs = 1500;

/** The study file being written, and what the lab says of it. */
export const useDraft = defineStore('draft', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const text = rememberedText('draft.text', '');
  const file = rememberedText('draft.file', 'study.yaml');
  const check = shallowRef<StudyCheck | null>(null);
  const starting = ref(false);
  let timer: ReturnType<typeof setTimeout> | null = null;
  let question = 0;
  let newest = Promise.resolve();

  const problems = computed(() => (check.value && !check.value.ok ? check.value.problems : []));
  const warnings = computed(() => (check.value?.ok ? check.value.warnings : []));
  const preview = computed(() => (check.value?.ok ? check.value.preview : null));

  /** Asks the lab what it makes of the text as it is now; what runs cost may be known better than before. */
  function ask(): Promise<void> {
    newest = askNow();
    return newest;
  }

  async function askNow(): Promise<void> {
    const asked = ++question;
    if (text.value.trim() === '') {
      check.value = null;
      return;
    }
    try {
      const answer = await client.checkStudy({ text: text.value, file: file.value, engine: lab.engine });
      if (asked !== question) return;
      check.value = answer;
      if (answer.ok && answer.preview.secondsFrom === 'measuring') askIn(measuringMs);
    } catch (error) {
      if (lab.state === 'open') notices.failure(error);
    }
  }

  function askIn(milliseconds: number): void {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void ask(), milliseconds);
  }
  const askSoon = (): void => askIn(pauseMs);

  watch([text, file, () => lab.engine], askSoon);
  // What runs have cost tells what others will, and an engine that came can be measured.
  lab.listen(({ type }) => {
    if (type === 'studies' || type === 'engines') askSoon();
  });
  // What was being written may come from an earlier window.
  if (text.value !== '') askSoon();

  function load(name: string, content: string): void {
    file.value = name;
    text.value = content;
  }

  const canStart = computed(() => preview.value !== null && !starting.value && lab.info?.readOnly === false);

  /** Why nothing can be started now. */
  function refusal(): string {
    if (lab.info?.readOnly) return 'Nothing was started: this lab is open for reading only.';
    if (lab.info === null) return 'Nothing was started: the lab has not answered yet.';
    const [first, ...others] = problems.value;
    if (first) {
      const more = others.length === 0 ? '' : `, and ${counted(others.length, 'more problem')}`;
      return `Nothing was started: ${formatProblem(first)}${more}.`;
    }
    if (text.value.trim() === '')
      return 'Nothing was started: there is no study file. Choose a preset, drop a file or write one.';
    return 'Nothing was started: the lab has not said what it makes of the study file.';
  }

  /** Saves the study and starts it. @returns its id; null when it could not be, which was told */
  async function start(): Promise<number | null> {
    // The last keys may have been typed since the lab was asked; and only the answer to the newest question counts, which may overtake ours.
    let asked = ask();
    await asked;
    while (asked !== newest) {
      asked = newest;
      await asked;
    }
    // A key may come before the lab has said what it is.
    await lab.known();
    // Asked twice is meant once.
    if (starting.value) return null;
    if (!canStart.value) {
      notices.add('warning', refusal());
      return null;
    }
    starting.value = true;
    let id: number | null = null;
    await lab.attempt(async () => {
      const created = await client.createStudy({ text: text.value, file: file.value });
      ({ id } = created);
      await client.startStudy({ id: created.id, engine: lab.engine });
    });
    starting.value = false;
    return id;
  }

  return { text, file, check, problems, warnings, preview, starting, canStart, load, ask, start };
});
