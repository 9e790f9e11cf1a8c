import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { isNotFound } from '#shared/contract/failures.ts';
import type { Figure } from '#shared/figures/figure.ts';
import { runFigure, suitedScale } from '#shared/figures/run-figure.ts';
import type { ReplayedProbe } from '#shared/models/lab.ts';
import type { RunLogEntry } from '#shared/models/run-log.ts';
import type { ReportRun } from '#shared/report/report.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import { throttle } from '../throttle.ts';
import { useLabAccess } from '../lab-access.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';
import { useStudyPage } from './study-page.ts';

const interval = 1000;

/** The run whose page is open. The run itself and its study are kept by the page of the study. */
export const useRunPage = defineStore('run-page', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const page = useStudyPage();
  const id = ref(0);
  const missing = ref(false);
  const names = shallowRef<readonly string[]>([]);
  /** At least one, once there is any. */
  const chosen = ref<readonly string[]>(['test.accuracy']);
  const values = shallowRef<ReadonlyMap<string, Float64Array>>(new Map());
  const score = shallowRef<ReportRun | null>(null);
  const log = shallowRef<readonly RunLogEntry[]>([]);
  const probes = shallowRef<readonly RepulsionResult[]>([]);
  const replayed = shallowRef<ReplayedProbe | null>(null);
  const replaying = ref(false);

  const run = computed(() => page.runs.get(id.value) ?? null);

  const figure = computed<Figure | null>(() => {
    const [now, study] = [run.value, page.detail?.study];
    const known = chosen.value.flatMap((name) => {
      const found = values.value.get(name);
      return found && found.length > 0 ? [{ name, values: found }] : [];
    });
    if (!now || !study || known.length === 0) return null;
    const place = study.conditions.findIndex(({ name }) => name === now.condition);
    const fires = Object.fromEntries(
      Object.entries(score.value?.detectors ?? {}).filter(([detector]) =>
        chosen.value.includes(study.detectors[detector]?.series),
      ),
    );
    const scales = new Set(known.map((series) => suitedScale(series.values)));
    return runFigure({ ...now, place }, known, fires, scales.has('linear') ? 'linear' : 'log');
  });

  async function open(runId: number): Promise<void> {
    id.value = runId;
    missing.value = false;
    names.value = [];
    values.value = new Map();
    replayed.value = null;
    score.value = null;
    probes.value = [];
    log.value = [];
    try {
      const { studyId } = await client.getRun({ id: runId });
      if (id.value !== runId) return;
      await page.open(studyId);
      await read();
    } catch (error) {
      if (id.value !== runId || lab.state !== 'open') return;
      // The page says what is missing.
      if (isNotFound(error)) missing.value = true;
      else notices.failure(error);
    }
  }

  async function read(): Promise<void> {
    const runId = id.value;
    const entries = await client.runLog({ id: runId });
    if (id.value !== runId) return;
    log.value = entries;
    if ((run.value?.rows ?? 0) === 0) return;
    names.value = await client.seriesNames({ runId });
    const there = chosen.value.filter((name) => names.value.includes(name));
    if (there.length < chosen.value.length) chosen.value = there.length > 0 ? there : [names.value[0]];
    await readSeries();
    const [measured, epochs] = await Promise.all([
      client.measureRun({ id: runId }),
      client.probeEpochs({ runId }),
    ]);
    const known = new Set(probes.value.map(({ epoch }) => epoch));
    const fresh = await Promise.all(
      epochs.filter((epoch) => !known.has(epoch)).map((epoch) => client.probe({ runId, epoch })),
    );
    if (id.value !== runId) return;
    score.value = measured;
    if (fresh.length > 0) probes.value = [...probes.value, ...fresh].toSorted((a, b) => a.epoch - b.epoch);
  }

  async function readSeries(): Promise<void> {
    const [runId, wanted] = [id.value, chosen.value];
    const windows = await Promise.all(wanted.map((name) => client.series({ runIds: [runId], name })));
    if (id.value !== runId || chosen.value !== wanted) return;
    values.value = new Map(windows.flat().map((window) => [window.name, window.values]));
  }

  async function choose(all: readonly string[]): Promise<void> {
    if (all.length === 0) return;
    chosen.value = all;
    await lab.attempt(readSeries);
  }

  /** Computes a probe at any epoch by training the run again to it. */
  async function replay(epoch: number): Promise<void> {
    const runId = id.value;
    replaying.value = true;
    await lab.attempt(async () => {
      const found = await client.replay({ runId, epoch });
      if (id.value === runId) replayed.value = found;
    });
    replaying.value = false;
  }

  /** The run this many seeds on in its condition, or of the same seed this many conditions on; null past the ends. */
  function neighbour(by: 'seed' | 'condition', steps: 1 | -1): number | null {
    const [now, study] = [run.value, page.detail?.study];
    if (!now || !study) return null;
    const names = study.conditions.map(({ name }) => name);
    const seed = by === 'seed' ? study.seeds[study.seeds.indexOf(now.seed) + steps] : now.seed;
    const name = by === 'condition' ? names[names.indexOf(now.condition) + steps] : now.condition;
    const found = [...page.runs.values()].find((each) => each.seed === seed && each.condition === name);
    return found?.id ?? null;
  }

  const refresh = throttle(interval, async () => {
    try {
      await read();
    } catch (error) {
      if (lab.state === 'open') notices.failure(error);
    }
  });

  lab.listen((event) => {
    if (id.value === 0) return;
    const own =
      (event.type === 'rows' || event.type === 'run' || event.type === 'probe') && event.runId === id.value;
    const ofStudy = event.type === 'studies' && event.studyId === run.value?.studyId;
    if (own || ofStudy || event.type === 'resync') refresh();
  });

  /** The page was left: nothing of it is asked for any more. */
  function leave(): void {
    id.value = 0;
  }

  return {
    run,
    missing,
    names,
    chosen,
    score,
    log,
    probes,
    replayed,
    replaying,
    figure,
    open,
    choose,
    replay,
    neighbour,
    leave,
  };
});
