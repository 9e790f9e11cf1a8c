import { guideAt } from '#shared/study/format-guide.ts';
import { sweepPaths } from '#shared/study/settings-schema.ts';
import type { SourceNode } from '#shared/study/source-node.ts';
import type { StudyForm } from './study-form.ts';

/** The settings that a condition or a sweep can change, by dotted path. */
export const settingPaths: readonly string[] = [...sweepPaths.keys()];

/** What is written in a mapping of settings, leaf by leaf; the keys of a sweep are paths themselves. */
export function leavesOf(
  node: SourceNode | undefined,
  above: readonly string[] = [],
): readonly (readonly string[])[] {
  if (node?.kind !== 'mapping') return [];
  return [...node.entries].flatMap(([key, { value }]) => {
    const path = [...above, key];
    return value.kind === 'mapping' ? leavesOf(value, path) : [path];
  });
}

/** A value to begin with where a setting is overridden: the study's own, or what holds when it is left out. */
export function startingValue(form: StudyForm, setting: string): string | readonly string[] {
  const path = setting.split('.');
  const shown = form.shown(path);
  const isList = guideAt(path)?.holds === 'list';
  const value = shown ?? guideAt(path)?.whenLeftOut ?? '1';
  return isList ? value.split(',').map((entry) => entry.trim()) : value;
}
