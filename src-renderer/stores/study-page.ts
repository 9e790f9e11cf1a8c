import { defineStore } from 'pinia';
import { computed, ref, shallowRef, triggerRef } from 'vue';
import { problemsOf } from '#shared/contract/failures.ts';
import type { StreamEvent } from '#shared/contract/lab.ts';
import type { FigureRun } from '#shared/figures/study-figures.ts';
import { figureKinds, seriesOf } from '#shared/figures/study-figures.ts';
import type { RunSummary, StudyDetail, StudyProgress } from '#shared/models/lab.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { ReportRun } from '#shared/report/report.ts';
import { throttle } from '../throttle.ts';
import { useLabAccess } from '../lab-access.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';
import { SeriesBook } from './series-book.ts';

/** Rows come many times a second; the grid is drawn this often, the charts once a second. */
const gridInterval = 150;
const chartInterval = 1000;

/** The study whose page is open: its runs, how they stand, and what they measured, kept up to date. */
export const useStudyPage = defineStore('study-page', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const detail = shallowRef<StudyDetail | null>(null);
  const runs = shallowRef(new Map<number, RunSummary>());
  const measured = shallowRef(new Map<number, ReportRun>());
  const progress = shallowRef<StudyProgress | null>(null);
  const probing = shallowRef(new Map<number, number>());
  /** Counts changes of the series, which are no reactive values. */
  const seriesVersion = ref(0);
  const missing = ref(false);
  const book = new SeriesBook(client);
  const due = new Set<number>();
  /** Series that a page reads beside those of the dashboard. */
  let alsoRead: readonly string[] = [];
  let id = 0;

  const kinds = computed(() => {
    const names =
      detail.value?.study.conditions.flatMap(({ settings }) => seriesNames(settings.probes)) ?? [];
    return figureKinds(new Set(names));
  });

  async function open(studyId: number): Promise<void> {
    if (studyId !== id) {
      id = studyId;
      detail.value = null;
      runs.value = new Map();
      measured.value = new Map();
      progress.value = null;
      probing.value = new Map();
      book.clear();
      seriesVersion.value++;
    }
    await read();
  }

  async function read(): Promise<void> {
    const asked = id;
    missing.value = false;
    try {
      const study = await client.getStudy({ id: asked });
      const page = await client.listRuns({ studyId: asked });
      if (asked !== id) return;
      detail.value = study;
      runs.value = new Map(page.runs.map((run) => [run.id, run]));
      want();
      for (const run of page.runs) {
        book.touch(run.id, run.rows, run.rows);
        if (run.rows > 0) due.add(run.id);
      }
      refreshCharts();
    } catch (error) {
      if (asked === id) fail(error);
    }
  }

  function want(): void {
    book.want([...kinds.value.flatMap(seriesOf), ...alsoRead]);
  }

  /** Keeps these series too, of every run; they are there once `seriesVersion` has changed. */
  function readAlso(names: readonly string[]): void {
    alsoRead = names;
    want();
    if (id !== 0) refreshCharts();
  }

  /** A study that is gone is said on its page; a connection that is lost, above every page. */
  function fail(error: unknown): void {
    if (problemsOf(error)?.some(({ code }) => code === 'not-found')) {
      missing.value = true;
      detail.value = null;
      id = 0;
    } else if (lab.state === 'open') notices.failure(error);
  }

  const drawGrid = throttle(gridInterval, () => {
    triggerRef(runs);
    triggerRef(probing);
  });

  const refreshCharts = throttle(chartInterval, async () => {
    const asked = id;
    try {
      const changed = await book.refresh();
      const scored = [...due];
      due.clear();
      const scores = await Promise.all(scored.map((runId) => client.measureRun({ id: runId })));
      if (asked !== id) return;
      for (const score of scores) measured.value.set(score.id, score);
      if (scores.length > 0) triggerRef(measured);
      if (changed || scores.length > 0) seriesVersion.value++;
    } catch (error) {
      if (asked === id) fail(error);
    }
  });

  const readDetail = throttle(gridInterval, async () => {
    const asked = id;
    if (asked === 0) return;
    try {
      const study = await client.getStudy({ id: asked });
      if (asked === id) detail.value = study;
    } catch (error) {
      if (asked === id) fail(error);
    }
  });

  async function readRun(runId: number): Promise<void> {
    try {
      const run = await client.getRun({ id: runId });
      if (run.studyId !== id) return;
      runs.value.set(runId, run);
      book.touch(runId, run.rows, run.rows);
      if (run.rows > 0) due.add(runId);
      drawGrid();
      refreshCharts();
    } catch (error) {
      if (runs.value.has(runId)) fail(error);
    }
  }

  function hear(event: StreamEvent): void {
    if (id === 0) return;
    if (event.type === 'resync') void read();
    else if (event.type === 'progress') {
      if (event.progress.studyId === id) progress.value = event.progress;
    } else if (event.type === 'notice' || event.studyId !== id) return;
    else if (event.type === 'rows') hearRows(event);
    else if (event.type === 'probing') {
      probing.value.set(event.runId, event.epoch);
      drawGrid();
    } else if (event.type === 'run') {
      void readRun(event.runId);
      readDetail();
    } else if (event.type === 'studies') readDetail();
  }

  function hearRows({
    runId,
    firstEpoch,
    count,
    testAccuracy,
  }: Extract<StreamEvent, { type: 'rows' }>): void {
    const run = runs.value.get(runId);
    if (!run) return;
    const rows = firstEpoch + count;
    runs.value.set(runId, { ...run, rows, testAccuracy });
    probing.value.delete(runId);
    book.touch(runId, rows, firstEpoch);
    due.add(runId);
    drawGrid();
    refreshCharts();
  }

  lab.listen(hear);

  /** The runs as figures read them; ask again when `seriesVersion` has changed. */
  function figureRuns(): FigureRun[] {
    return [...runs.value.values()].map(({ id: runId, condition, seed }) => ({
      id: runId,
      condition,
      seed,
      series: (name) => book.get(runId, name),
    }));
  }

  return {
    detail,
    runs,
    measured,
    progress,
    probing,
    seriesVersion,
    missing,
    kinds,
    open,
    read,
    readAlso,
    figureRuns,
  };
});
