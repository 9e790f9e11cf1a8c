import { computed, inject, shallowRef, watch } from 'vue';
import type { ComputedRef, InjectionKey, Ref } from 'vue';
import { fieldPlace, removeField, writeField } from '#shared/study/edit-field.ts';
import type { Edit, TextChange } from '#shared/study/edit-text.ts';
import { readYaml } from '#shared/study/read-yaml.ts';
import { renameCondition, renameDetector, renameInterval } from '#shared/study/rename-in-study.ts';
import { fieldOf, nodeAt } from '#shared/study/source-node.ts';
import type { SourceNode } from '#shared/study/source-node.ts';
import { problemAt } from '#shared/study/study-problem.ts';
import type { StudyProblem } from '#shared/study/study-problem.ts';
import { typedText } from '#shared/study/written-value.ts';
import type { Written } from '#shared/study/written-value.ts';

type Path = readonly string[];

/** The study as a form sees it: the text, read; every change an edit of the text. */
export interface StudyForm {
  /** Why the text cannot be read now; the form shows what it last held, and waits. */
  readonly broken: ComputedRef<StudyProblem | null>;
  /** The last edit that the text did not allow, as a sentence. */
  readonly refused: Ref<string | null>;
  node(path: Path): SourceNode | undefined;
  /** The value as one line: lists by commas. Null where nothing is written. */
  shown(path: Path): string | null;
  keys(path: Path): readonly string[];
  problems(path: Path): readonly string[];
  /** Of all that a path holds but for one field, each with where it is. */
  problemsBelow(path: Path, but: Path): readonly string[];
  /** Where a key stands in the text, as something to go to. */
  keyPlace(key: string): StudyProblem | null;
  write(path: Path, value: Written): void;
  remove(path: Path): void;
  renameCondition(from: string, to: string): void;
  renameDetector(from: string, to: string): void;
  renameInterval(from: string, to: string): void;
}

export const studyFormKey: InjectionKey<StudyForm> = Symbol('study-form');

export function useStudyForm(): StudyForm {
  const form = inject(studyFormKey);
  if (!form) throw new Error('A field of the study form stands outside of it.');
  return form;
}

export function createStudyForm(
  text: () => string,
  problems: () => readonly StudyProblem[],
  apply: (changes: readonly TextChange[]) => void,
): StudyForm {
  const tree = computed(() => readYaml(text(), ''));
  const lastRead = shallowRef<SourceNode | undefined>(undefined);
  watch(tree, (now) => now.ok && (lastRead.value = now.root), { immediate: true });
  const root = computed(() => (tree.value.ok ? tree.value.root : lastRead.value));
  const refused = shallowRef<string | null>(null);
  watch(text, () => (refused.value = null));

  function carryOut(edit: Edit): void {
    if (edit === null) {
      refused.value =
        'The form cannot change this value as the text writes it (through an alias, or with a key in a list): change it in the text.';
    } else if (edit.length > 0) apply(edit);
  }

  const placed = (path: Path): Path => fieldPlace(root.value, path);
  const node = (path: Path): SourceNode | undefined => nodeAt(root.value, placed(path));
  return {
    broken: computed(() => (tree.value.ok || text().trim() === '' ? null : tree.value.problems[0])),
    refused,
    node,
    shown(path) {
      const found = node(path);
      if (!found) return null;
      return found.kind === 'list' ? found.items.map(typedText).join(', ') : typedText(found);
    },
    keys(path) {
      const found = node(path);
      return found?.kind === 'mapping' ? [...found.entries.keys()] : [];
    },
    problems(path) {
      const field = fieldName(placed(path));
      return problems()
        .filter((problem) => problem.field === field || problem.field.startsWith(`${field}[`))
        .map(({ message }) => message);
    },
    problemsBelow(path, but) {
      const [above, shown] = [fieldName(path), fieldName(but)];
      return problems()
        .filter(({ field }) => field === above || (field.startsWith(`${above}.`) && field !== shown))
        .map(({ field, message }) => `${field} ${message}`);
    },
    keyPlace(key) {
      const entry = root.value?.kind === 'mapping' ? root.value.entries.get(key) : undefined;
      return entry ? problemAt(entry.key, '') : null;
    },
    write: (path, value) => carryOut(writeField(text(), root.value, path, value)),
    remove: (path) => carryOut(removeField(text(), root.value, path)),
    renameCondition(from, to) {
      if (root.value) carryOut(renameCondition(text(), root.value, from, to));
    },
    renameDetector(from, to) {
      if (root.value) carryOut(renameDetector(text(), root.value, from, to));
    },
    renameInterval(from, to) {
      if (root.value) carryOut(renameInterval(text(), root.value, from, to));
    },
  };
}

function fieldName(path: Path): string {
  return path.reduce((above, key) => fieldOf(above, key), '');
}
