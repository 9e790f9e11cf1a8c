import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Figure } from '#shared/figures/figure.ts';
import { runFigure, suitedScale } from '#shared/figures/run-figure.ts';
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
  const chosen = ref('test.accuracy');
  const values = shallowRef<Float64Array | null>(null);
  const score = shallowRef<ReportRun | null>(null);
  const probes = shallowRef<readonly RepulsionResult[]>([]);

  const run = computed(() => page.runs.get(id.value) ?? null);

  const figure = computed<Figure | null>(() => {
    const [now, study] = [run.value, page.detail?.study];
    if (!now || !study || !values.value || values.value.length === 0) return null;
    const place = study.conditions.findIndex(({ name }) => name === now.condition);
    const fires = Object.fromEntries(
      Object.entries(score.value?.detectors ?? {}).filter(
        ([detector]) => study.detectors[detector]?.series === chosen.value,
      ),
    );
    return runFigure(
      { ...now, place, epochs: now.settings.epochs },
      chosen.value,
      values.value,
      fires,
      suitedScale(values.value),
    );
  });

  async function open(runId: number): Promise<void> {
    id.value = runId;
    missing.value = false;
    names.value = [];
    values.value = null;
    score.value = null;
    probes.value = [];
    try {
      const { studyId } = await client.getRun({ id: runId });
      if (id.value !== runId) return;
      await page.open(studyId);
      await read();
    } catch (error) {
      if (id.value !== runId || lab.state !== 'open') return;
      missing.value = true;
      notices.failure(error);
    }
  }

  async function read(): Promise<void> {
    const runId = id.value;
    if ((run.value?.rows ?? 0) === 0) return;
    names.value = await client.seriesNames({ runId });
    if (!names.value.includes(chosen.value)) chosen.value = names.value[0];
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
    const [runId, name] = [id.value, chosen.value];
    const [window] = await client.series({ runIds: [runId], name });
    if (id.value === runId && chosen.value === name) values.value = window?.values ?? null;
  }

  async function choose(name: string): Promise<void> {
    chosen.value = name;
    await lab.attempt(readSeries);
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
    if (own || event.type === 'resync') refresh();
  });

  /** The page was left: nothing of it is asked for any more. */
  function leave(): void {
    id.value = 0;
  }

  return { run, missing, names, chosen, score, probes, figure, open, choose, leave };
});
