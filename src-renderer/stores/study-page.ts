import { defineStore } from 'pinia';
import { computed, nextTick, ref, shallowRef, triggerRef } from 'vue';
import { isNotFound } from '#shared/contract/failures.ts';
import type { StreamEvent } from '#shared/contract/lab.ts';
import type { FigureRun } from '#shared/figures/study-figures.ts';
import { figureKinds, headlineKind, seriesOf } from '#shared/figures/figure-kinds.ts';
import type { FigureKind } from '#shared/figures/figure-kinds.ts';
import { measuredIn } from '#shared/figures/study-figures.ts';
import type { RunSummary, StudyDetail, StudyProgress } from '#shared/models/lab.ts';
import type { ReportRun } from '#shared/report/report.ts';
import { sameScoring } from '#shared/study/scoring.ts';
import { useFigures } from '../figures/figure-desk.ts';
import { throttle } from '../throttle.ts';
import { useLabAccess } from '../lab-access.ts';
import { usePace } from '../pace.ts';
import { useLab } from './lab.ts';
import { BandFeed } from './band-feed.ts';
import { useNotices } from './notices.ts';
import { PageSeries } from './page-series.ts';
import { ProbeFeed } from './probe-feed.ts';
import { ScoreFeed, firesAlike } from './score-feed.ts';
import { SeriesFeed } from './series-feed.ts';

/** Rows come many times a second; grid and charts follow this often, so that both are never a quarter of a second late. */
const gridInterval = 150;
const chartInterval = 120;
/** Detectors are asked less often: that reads whole series. */
const scoreInterval = 1000;
/** Of what is read for long, parts are drawn this often. */
const partInterval = 1500;
/** Of bands that the lab has to compute first, those that have come are drawn this often. */
const bandInterval = 500;
/** With so many numbers of a series yet to come (8 MB), its bands are asked for first. */
const manyNumbers = 1_000_000;

/** The study whose page is open: its runs, how they stand, and what they measured, kept up to date. */
export const useStudyPage = defineStore('study-page', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const pace = usePace();
  const detail = shallowRef<StudyDetail | null>(null);
  const runs = shallowRef(new Map<number, RunSummary>());
  const measured = shallowRef(new Map<number, ReportRun>());
  const progress = shallowRef<StudyProgress | null>(null);
  const probing = shallowRef(new Map<number, number>());
  /** Counts changes of what figures are made of, which are no reactive values. */
  const seriesVersion = ref(0);
  const missing = ref(false);
  const figures = useFigures();
  const feed = new SeriesFeed(client, (name, rows) => figures.giveRows(name, rows));
  const bands = new BandFeed(
    client,
    (name, some) => figures.giveBands(name, some),
    (condition) => figures.tell({ type: 'lost', condition }),
    bandInterval,
  );
  /** Whoever computes with them is told by `seriesVersion` when they have come. */
  const pageSeries = new PageSeries(client, () => refreshCharts());
  const probes = new ProbeFeed(client, (runId, points) => figures.tell({ type: 'probes', runId, points }));
  const scores = new ScoreFeed(client, partInterval);
  /** Figures that are in sight: only their series are asked for. */
  let inSight: readonly FigureKind[] = [];
  let id = 0;
  /** Whether anything of its series has been shown. */
  let begun = false;

  const measures = computed(() => measuredIn(detail.value?.study ?? { conditions: [] }));
  const kinds = computed(() => figureKinds(measures.value));
  const headline = computed(() => headlineKind(measures.value));

  async function open(studyId: number): Promise<void> {
    if (studyId !== id) {
      id = studyId;
      begun = false;
      detail.value = null;
      runs.value = new Map();
      measured.value = new Map();
      progress.value = null;
      probing.value = new Map();
      feed.clear();
      bands.clear();
      pageSeries.clear();
      probes.clear();
      scores.clear();
      figures.tell({ type: 'clear' });
      seriesVersion.value++;
    }
    await read();
  }

  async function read(): Promise<void> {
    const asked = id;
    missing.value = false;
    try {
      const [study, page] = await Promise.all([
        client.getStudy({ id: asked }),
        client.listRuns({ studyId: asked }),
      ]);
      if (asked !== id) return;
      takeDetail(study);
      runs.value = new Map(page.runs.map((run) => [run.id, run]));
      keepRuns();
      tellRuns();
      pageSeries.want(kinds.value.flatMap(seriesOf));
      // Condition by condition: the statistics of one are computed while the runs of the next are read.
      for (const run of inConditions(page.runs)) touch(run.id, run.rows, run.rows);
      refreshCharts();
      score();
    } catch (error) {
      if (asked === id) fail(error);
    }
  }

  /** Asks nothing more of runs that were deleted: the lab answers none of a question that names one. */
  function keepRuns(): void {
    const kept = runs.value;
    feed.keep(kept);
    probes.keep(kept);
    scores.keep(kept);
    pageSeries.keep(kept);
    for (const runId of measured.value.keys()) if (!kept.has(runId)) measured.value.delete(runId);
  }

  /** Keeps these series too, of every run; they are there once `seriesVersion` has changed. */
  function readAlso(names: readonly string[]): void {
    pageSeries.wantAlso(names);
    if (id !== 0) refreshCharts();
  }

  /** A study that is gone is said on its page; a connection that is lost, above every page. */
  function fail(error: unknown): void {
    if (isNotFound(error)) {
      missing.value = true;
      detail.value = null;
      id = 0;
    } else if (lab.state === 'open') notices.failure(error);
  }

  const readAgain = throttle(gridInterval, () => (id === 0 ? undefined : read()));

  /** A run that is gone while something is asked of it was deleted: the study is not. */
  function failOfRun(error: unknown): void {
    if (isNotFound(error)) readAgain();
    else fail(error);
  }

  const drawGrid = throttle(gridInterval, () => {
    triggerRef(runs);
    triggerRef(probing);
  });

  function tellRuns(): void {
    const study = detail.value?.study;
    if (!study) return;
    const { conditions, detectors } = study;
    const known = [...runs.value.values()].map(({ id: runId, condition, seed }) => ({
      id: runId,
      condition,
      seed,
    }));
    figures.tell({ type: 'open', study: { conditions, detectors }, runs: known });
  }

  function touch(runId: number, rows: number, changedFrom: number): void {
    feed.touch(runId, rows, changedFrom);
    bands.touch(runId, runs.value.get(runId)?.condition ?? '', rows, changedFrom);
    pageSeries.touch(runId, rows, changedFrom);
    if (rows === 0) return;
    scores.touch(runId);
    probes.touch(runId);
  }

  const refreshCharts = throttle(chartInterval, () => pace.counted(readSeries()));

  async function readSeries(): Promise<void> {
    const asked = id;
    const changed = (): void => {
      if (asked === id) seriesVersion.value++;
    };
    try {
      feed.want(inSight.flatMap(seriesOf));
      await readBands();
      if (asked !== id) return;
      // A long study comes in many pieces: its first is shown, and all of it, and between them hardly ever. What is new of one that is
      // there already is shown once: each showing draws all charts.
      let shown = begun ? performance.now() : -Infinity;
      const all = await feed.refresh(() => {
        if (performance.now() - shown < partInterval) return;
        shown = performance.now();
        changed();
      });
      if (all) changed();
      begun ||= all && asked === id;
      if (await pageSeries.refresh()) changed();
      if (inSight.some(({ lines }) => lines.some(({ series }) => series.startsWith('repulsion.'))))
        readProbes();
    } catch (error) {
      if (asked === id) failOfRun(error);
    }
  }

  /** Of series that will take long to come, what is drawn of them. */
  async function readBands(): Promise<void> {
    const asked = id;
    const study = detail.value?.study;
    if (!study) return;
    const names = [...new Set(inSight.flatMap(({ lines }) => lines.map(({ series }) => series)))];
    await bands.refresh(
      {
        id,
        conditions: study.conditions.map(({ name }) => name),
        epochs: Math.max(...study.conditions.map(({ settings }) => settings.epochs)),
      },
      names.filter((name) => feed.missing(name) > manyNumbers),
      async () => {
        if (asked !== id) return;
        seriesVersion.value++;
        // Rows and scores would come between an answer and its picture.
        await nextTick();
        await figures.idle();
      },
    );
  }

  // Charts do not wait for it.
  const score = throttle(scoreInterval, () => pace.countedAside(readScores()));

  async function readScores(): Promise<void> {
    const asked = id;
    let fired = false;
    try {
      await scores.refresh({
        wait: bandsDrawn,
        take(some) {
          fired ||= some.some((each) => !firesAlike(measured.value.get(each.id), each));
          for (const each of some) measured.value.set(each.id, each);
          figures.tell({ type: 'scores', scores: some });
        },
        show() {
          triggerRef(measured);
          // Of scores, charts show when detectors fired.
          if (fired) seriesVersion.value++;
          fired = false;
        },
      });
    } catch (error) {
      if (asked === id) failOfRun(error);
    }
  }

  /** Apart from the rows, which should not wait for them. */
  const readProbes = throttle(chartInterval, async () => {
    const asked = id;
    try {
      await probes.refresh(() => void seriesVersion.value++);
    } catch (error) {
      if (asked === id) failOfRun(error);
    }
  });

  /** These figures are in sight now. */
  function see(seen: readonly FigureKind[]): void {
    inSight = seen;
    // Not after the rows of what was in sight before, which may take a while.
    if (id !== 0) readBands().catch((error: unknown) => failOfRun(error));
    refreshCharts();
  }

  /** Resolves when the bands that were asked for are drawn: what is less urgent waits for it. */
  function bandsDrawn(): Promise<void> {
    return bands.idle();
  }

  /** Whether the lab has something for this figure that has not come yet; before the study is known, it may. */
  function isReading({ lines, measuredBy }: FigureKind): boolean {
    void seriesVersion.value;
    if (measuredBy === 'repulsion')
      return [...runs.value.values()].some(({ id: runId, rows }) => rows > 0 && !probes.hasRead(runId));
    return lines.some(({ series }) => lacks(series));
  }

  function lacks(series: string): boolean {
    void seriesVersion.value;
    return feed.lacks(series);
  }

  /** Other detectors, wherever they were chosen, are other scores of every run. */
  function takeDetail(study: StudyDetail): void {
    const before = detail.value;
    detail.value = study;
    if (before === null || sameScoring(before.study, study.study)) return;
    tellRuns();
    for (const [runId, { rows }] of runs.value) if (rows > 0) scores.touch(runId);
    score();
  }

  const readDetail = throttle(gridInterval, async () => {
    const asked = id;
    if (asked === 0) return;
    try {
      const study = await client.getStudy({ id: asked });
      if (asked !== id) return;
      takeDetail(study);
      // Runs were deleted, or brought back, wherever that was done.
      const count = Object.values(study.states).reduce((sum, some) => sum + some, 0);
      if (count !== runs.value.size) await read();
    } catch (error) {
      if (asked === id) fail(error);
    }
  });

  async function readRun(runId: number): Promise<void> {
    try {
      const run = await client.getRun({ id: runId });
      if (run.studyId !== id) return;
      const isNew = !runs.value.has(runId);
      runs.value.set(runId, run);
      if (isNew) tellRuns();
      touch(runId, run.rows, run.rows);
      drawGrid();
      refreshCharts();
      score();
    } catch (error) {
      if (runs.value.has(runId)) failOfRun(error);
    }
  }

  function hear(event: StreamEvent): void {
    if (id === 0) return;
    if (event.type === 'resync') void read();
    else if (event.type === 'progress') {
      if (event.progress.studyId === id) progress.value = event.progress;
    } else if (!('studyId' in event) || event.studyId !== id) return;
    else if (event.type === 'rows') hearRows(event);
    else if (event.type === 'probe') probes.touch(event.runId);
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
    touch(runId, rows, firstEpoch);
    drawGrid();
    refreshCharts();
    score();
  }

  lab.listen(hear);

  /** The runs with their series, for pages that compute with them; ask again when `seriesVersion` has changed. */
  function figureRuns(): FigureRun[] {
    return pageSeries.runs(runs.value.values());
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
    headline,
    open,
    read,
    readAlso,
    see,
    bandsDrawn,
    isReading,
    lacks,
    figureRuns,
  };
});

/** Runs of one condition side by side; conditions in the order they first come in. */
function inConditions(runs: readonly RunSummary[]): readonly RunSummary[] {
  return [...Map.groupBy(runs, ({ condition }) => condition).values()].flat();
}
