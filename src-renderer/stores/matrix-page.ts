import { defineStore } from 'pinia';
import { computed, ref, shallowRef, triggerRef, watch } from 'vue';
import { isControl } from '#shared/report/is-control.ts';
import type { RunSummary } from '#shared/models/lab.ts';
import type { RepulsionResult, Ridge } from '#shared/science/repulsion-result.ts';
import { useLabAccess } from '../lab-access.ts';
import { rememberedText } from '../remembered.ts';
import { throttle } from '../throttle.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';
import { useStudyPage } from './study-page.ts';

const interval = 1000;

/** A column of the table of statistics: some seeds of a condition at an epoch. */
export interface ProbeGroup {
  readonly title: string;
  readonly results: readonly (RepulsionResult | null)[];
}

/** Conditions beside the chosen one in the table; more do not fit. */
const mostBeside = 3;

/** What the B matrix page looks at: a condition, a seed or all of them, a ridge and an epoch; and the stored probes it reads. */
export const useMatrixPage = defineStore('matrix-page', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const page = useStudyPage();
  const chosenCondition = ref<string | null>(null);
  /** Null: all seeds. */
  const seed = ref<number | null>(null);
  const ridgeName = rememberedText('matrix.ridge', 'published');
  const ownRidge = ref(1);
  const chosenEpoch = ref<number | null>(null);
  const probes = shallowRef(new Map<number, Map<number, RepulsionResult>>());
  let studyId = 0;

  const conditions = computed(() => page.detail?.study.conditions ?? []);
  const condition = computed(
    () => conditions.value.find(({ name }) => name === chosenCondition.value) ?? conditions.value[0] ?? null,
  );
  const seeds = computed(() => page.detail?.study.seeds ?? []);
  const ridges = computed<readonly Ridge[]>(() => condition.value?.settings.probes.repulsion?.ridges ?? []);
  const isOwnRidge = computed(() => ridgeName.value === 'own');
  const ridge = computed<Ridge | null>(() => {
    if (isOwnRidge.value)
      return ownRidge.value > 0
        ? { name: String(ownRidge.value), value: ownRidge.value, borrowedFrom: null }
        : null;
    return ridges.value.find(({ name }) => name === ridgeName.value) ?? ridges.value[0] ?? null;
  });

  function runOf(name: string, of: number): RunSummary | null {
    return [...page.runs.values()].find((run) => run.condition === name && run.seed === of) ?? null;
  }

  /** The run whose matrix is looked at: of the chosen seed, or the first. */
  const run = computed(() =>
    condition.value ? runOf(condition.value.name, seed.value ?? seeds.value[0] ?? 0) : null,
  );
  const epochs = computed<readonly number[]>(() => {
    const runs = seed.value === null ? runsOf(condition.value?.name ?? '') : [run.value];
    const all = runs.flatMap((each) => (each ? [...(probes.value.get(each.id)?.keys() ?? [])] : []));
    return [...new Set(all)].toSorted((a, b) => a - b);
  });
  const epoch = computed<number | null>({
    // The last of the probed ones until another is chosen: the trained network.
    get: () =>
      chosenEpoch.value !== null && epochs.value.includes(chosenEpoch.value)
        ? chosenEpoch.value
        : (epochs.value.at(-1) ?? null),
    set: (next) => (chosenEpoch.value = next),
  });
  const probe = computed(() => (run.value ? resultOf(run.value, epoch.value) : null));
  const at = computed(
    () => probe.value?.ridges.find((each) => each.ridge.value === ridge.value?.value) ?? null,
  );

  function runsOf(name: string): RunSummary[] {
    return [...page.runs.values()].filter((each) => each.condition === name);
  }

  function resultOf({ id }: RunSummary, of: number | null): RepulsionResult | null {
    return of === null ? null : (probes.value.get(id)?.get(of) ?? null);
  }

  function groupOf(name: string, of: number | null): readonly (RepulsionResult | null)[] {
    const runs = runsOf(name).filter((each) => seed.value === null || each.seed === seed.value);
    return runs.map((each) => resultOf(each, of));
  }

  /** The chosen condition at the epoch and at epoch 0, and beside it the controls (or, for a control, what it controls). */
  const groups = computed<readonly ProbeGroup[]>(() => {
    const chosen = condition.value;
    const study = page.detail?.study;
    if (!chosen || !study || epoch.value === null) return [];
    const control = isControl(chosen, study.late);
    const beside = study.conditions.filter(
      (each) => each.name !== chosen.name && isControl(each, study.late) !== control,
    );
    const now: ProbeGroup = {
      title: `${chosen.name}, epoch ${epoch.value}`,
      results: groupOf(chosen.name, epoch.value),
    };
    const start: ProbeGroup = { title: `${chosen.name}, epoch 0`, results: groupOf(chosen.name, 0) };
    return [
      now,
      ...(epoch.value === 0 ? [] : [start]),
      ...beside.slice(0, mostBeside).map(({ name }) => ({
        title: `${name}, epoch ${epoch.value}`,
        results: groupOf(name, epoch.value),
      })),
    ];
  });

  async function open(id: number): Promise<void> {
    if (id !== studyId) {
      studyId = id;
      chosenCondition.value = null;
      seed.value = null;
      chosenEpoch.value = null;
      probes.value = new Map();
    }
    await page.open(id);
    if (seed.value === null && seeds.value.length > 0) seed.value = seeds.value[0];
    read();
  }

  /** Asks for the probes that are not known yet: those of the chosen run first, since the page waits for them. */
  const read = throttle(interval, async () => {
    const asked = studyId;
    try {
      const rest = [...page.runs.values()].filter(({ rows, id }) => rows > 0 && id !== run.value?.id);
      for (const each of run.value && run.value.rows > 0 ? [run.value, ...rest] : rest) {
        const fresh = await missingProbes(each.id);
        if (asked !== studyId) return;
        if (fresh.length === 0) continue;
        const known = probes.value.get(each.id) ?? new Map<number, RepulsionResult>();
        for (const result of fresh) known.set(result.epoch, result);
        probes.value.set(each.id, known);
        triggerRef(probes);
      }
    } catch (error) {
      if (asked === studyId && lab.state === 'open') notices.failure(error);
    }
  });

  async function missingProbes(runId: number): Promise<RepulsionResult[]> {
    const known = probes.value.get(runId);
    const due = (await client.probeEpochs({ runId })).filter((each) => !known?.has(each));
    return Promise.all(due.map((each) => client.probe({ runId, epoch: each })));
  }

  lab.listen((event) => {
    if (studyId === 0) return;
    if (event.type === 'resync' || (event.type === 'probe' && event.studyId === studyId)) read();
  });
  watch(run, () => {
    if (studyId !== 0) read();
  });

  /** The page was left: nothing is asked for any more. */
  function leave(): void {
    studyId = 0;
  }

  return {
    chosenCondition,
    condition,
    conditions,
    seed,
    seeds,
    ridgeName,
    ownRidge,
    isOwnRidge,
    ridge,
    ridges,
    run,
    epochs,
    epoch,
    probe,
    at,
    groups,
    open,
    leave,
  };
});
