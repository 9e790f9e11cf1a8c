import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import type { StudyPreview } from '#shared/models/lab.ts';
import { useLabAccess } from '../lab-access.ts';
import { useLab } from './lab.ts';

/** After this long the speed of the engine is known, if it was not. */
const againMs = 3000;
const mostTries = 5;

/** What each preset would cost, by its name. */
export const usePresetCosts = defineStore('preset-costs', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const costs = shallowRef<ReadonlyMap<string, StudyPreview>>(new Map());

  /** Costs are worth no message when the lab cannot be asked: the banner says that already. */
  async function ask(tries = mostTries): Promise<void> {
    const found = new Map<string, StudyPreview>();
    for (const { name, text } of lab.presets) {
      const check = await client
        .checkStudy({ text, file: `${name}.yaml`, engine: lab.engine })
        .catch(() => null);
      if (check?.ok) found.set(name, check.preview);
    }
    costs.value = found;
    const isOpen = [...found.values()].some(({ secondsFrom }) => secondsFrom === 'measuring');
    if (isOpen && tries > 1) setTimeout(() => void ask(tries - 1), againMs);
  }

  lab.listen(({ type }) => {
    if (type === 'engines') void ask();
  });
  watch([() => lab.presets, () => lab.engine], () => void ask());
  return { costs, ask };
});
