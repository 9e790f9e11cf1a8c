import { defineStore } from 'pinia';
import { computed } from 'vue';
import { z } from 'zod';
import { rememberedValue } from '../remembered.ts';
import { useLab } from './lab.ts';

/** By lab file, since another lab counts its studies and runs from 1 too. */
const kept = z.record(
  z.string(),
  z.object({
    /** By study. */
    conditions: z.record(z.string(), z.array(z.string())),
    runs: z.array(z.number()),
  }),
);

const nothing: ReadonlySet<string> = new Set();

/**
 * What charts do not draw: conditions of studies, and single runs. Remembered. It is about drawing alone: every statistic is computed
 * from all runs, and hiding one series changes no other.
 */
export const useVisibility = defineStore('visibility', () => {
  const lab = useLab();
  const all = rememberedValue('visibility', kept, {});
  const place = computed(() => lab.info?.path ?? '');
  const own = computed(() => all.value[place.value] ?? { conditions: {}, runs: [] });
  const byStudy = computed(
    () =>
      new Map(
        Object.entries(own.value.conditions).map(
          ([study, names]) => [Number(study), new Set(names)] as const,
        ),
      ),
  );
  const hiddenRuns = computed<ReadonlySet<number>>(() => new Set(own.value.runs));

  function keep(change: { conditions?: Record<string, string[]>; runs?: number[] }): void {
    all.value = { ...all.value, [place.value]: { ...own.value, ...change } };
  }

  function hiddenConditions(studyId: number): ReadonlySet<string> {
    return byStudy.value.get(studyId) ?? nothing;
  }

  function hideConditions(studyId: number, names: Iterable<string>): void {
    keep({ conditions: { ...own.value.conditions, [studyId]: [...new Set(names)] } });
  }

  function toggleCondition(studyId: number, name: string): void {
    const hidden = new Set(hiddenConditions(studyId));
    if (!hidden.delete(name)) hidden.add(name);
    hideConditions(studyId, hidden);
  }

  /** Shows this condition alone; when it is alone already, all of them. @param names every condition of the study */
  function showOnly(studyId: number, name: string, names: readonly string[]): void {
    const others = names.filter((other) => other !== name);
    const hidden = hiddenConditions(studyId);
    const alone = !hidden.has(name) && others.every((other) => hidden.has(other));
    hideConditions(studyId, alone ? [] : others);
  }

  function isRunHidden(runId: number): boolean {
    return hiddenRuns.value.has(runId);
  }

  /** Hides runs or shows them again: their faint lines, never their share in a band. */
  function setRuns(runIds: Iterable<number>, hidden: boolean): void {
    const runs = new Set(hiddenRuns.value);
    for (const id of runIds) {
      if (hidden) runs.add(id);
      else runs.delete(id);
    }
    keep({ runs: [...runs] });
  }

  function toggleRun(runId: number): void {
    setRuns([runId], !isRunHidden(runId));
  }

  return { hiddenRuns, hiddenConditions, toggleCondition, showOnly, isRunHidden, setRuns, toggleRun };
});
