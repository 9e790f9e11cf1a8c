import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { isNotFound } from '#shared/contract/failures.ts';
import type { FigureRun } from '#shared/figures/study-figures.ts';
import type { RunSummary, StudyDetail } from '#shared/models/lab.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { ComparedGroup } from '#shared/report/compare-groups.ts';
import type { ReportRun } from '#shared/report/report.ts';
import { sameScoring } from '#shared/study/scoring.ts';
import type { ComparedItem, CompareRequest } from '../compare-query.ts';
import { useLabAccess } from '../lab-access.ts';
import { shortStudyName } from '../short-name.ts';
import { throttle } from '../throttle.ts';
import { useLab } from './lab.ts';
import { SeriesBook } from './series-book.ts';

const interval = 1000;
/** Charts a comparison begins with, as far as its runs have them. */
const usualSeries = ['test.accuracy', 'spectrum.W.ratio23', 'test.loss', 'gram.rho'];

/** A group as the page shows it: its numbers, and its runs with their series. */
export interface OpenGroup extends ComparedGroup {
  readonly item: ComparedItem;
  readonly studyId: number;
  readonly place: number;
  readonly lines: readonly FigureRun[];
}

/** Runs and conditions of any studies side by side, kept up to date. */
export const useCompare = defineStore('compare', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const items = shallowRef<readonly ComparedItem[]>([]);
  const studies = shallowRef<ReadonlyMap<number, StudyDetail>>(new Map());
  const runs = shallowRef<ReadonlyMap<number, RunSummary>>(new Map());
  const scores = shallowRef<ReadonlyMap<number, ReportRun>>(new Map());
  const asked = shallowRef<readonly string[]>([]);
  /** What is compared and is not in the lab, as it was asked for. */
  const missing = shallowRef<readonly string[]>([]);
  const loading = ref(false);
  const seriesVersion = ref(0);
  const book = new SeriesBook(client);
  let round = 0;
  /** What was asked for last, whether or not the lab has answered. */
  let wanted: CompareRequest = { items: [], studies: [], series: [] };

  const known = computed(() => [
    ...new Set(
      items.value.flatMap((item) => {
        const found = partsOf(item);
        return found ? seriesNames(found.settings.probes) : [];
      }),
    ),
  ]);
  const series = computed(() => {
    const chosen = asked.value.length > 0 ? asked.value : usualSeries;
    return chosen.filter((name) => known.value.includes(name));
  });

  /** Runs of an item with its settings; null while they are not read, or are not there. */
  function partsOf(item: ComparedItem) {
    if (item.kind === 'run') {
      const run = runs.value.get(item.runId);
      return run ? { ...run, study: run.studyName, runs: [run] } : null;
    }
    const study = studies.value.get(item.studyId);
    const condition = study?.study.conditions.find(({ name }) => name === item.condition);
    if (!study || !condition) return null;
    const own = [...runs.value.values()].filter(
      (run) => run.studyId === item.studyId && run.condition === item.condition,
    );
    return {
      studyId: study.id,
      study: study.name,
      condition: condition.name,
      settings: condition.settings,
      runs: own.toSorted((a, b) => a.seed - b.seed),
    };
  }

  const groups = computed<readonly OpenGroup[]>(() => {
    void seriesVersion.value;
    const found = items.value.flatMap((item) => {
      const parts = partsOf(item);
      return parts ? [{ item, parts }] : [];
    });
    const studyIds = new Set(found.map(({ parts }) => parts.studyId));
    const named = (name: string): number =>
      [...studyIds].filter((id) =>
        found.some(({ parts }) => parts.studyId === id && shortStudyName(parts.study) === name),
      ).length;
    return found.map(({ item, parts }, place) => {
      // Studies of one name, or of names that begin alike, are told apart by their numbers.
      const short = shortStudyName(parts.study);
      const study = named(short) > 1 ? `${short} #${parts.studyId}` : short;
      const own = item.kind === 'run' ? `${parts.condition}, seed ${parts.runs[0]?.seed}` : parts.condition;
      return {
        item,
        place,
        studyId: parts.studyId,
        name: studyIds.size > 1 ? `${study}: ${own}` : own,
        study: parts.study,
        condition: parts.condition,
        settings: parts.settings,
        detectors: studies.value.get(parts.studyId)?.study.detectors ?? {},
        late: studies.value.get(parts.studyId)?.study.late ?? null,
        runs: parts.runs.flatMap(({ id }) => scores.value.get(id) ?? []),
        lines: parts.runs.map(({ id, condition, seed }) => ({
          id,
          condition,
          seed,
          series: (name) => book.get(id, name),
        })),
      };
    });
  });

  /** Reads what is asked for; what was read before is kept where it is still wanted. */
  async function open(request: CompareRequest): Promise<void> {
    const own = ++round;
    wanted = request;
    loading.value = true;
    await lab.attempt(async () => {
      const gone: string[] = [];
      const single = await readRuns(request, gone);
      const whole = await readStudies(request, single, gone);
      if (own !== round) return;
      const all = request.studies.flatMap((id) =>
        (whole.studies.get(id)?.conditions ?? []).map((condition): ComparedItem => ({
          kind: 'condition',
          studyId: id,
          condition,
        })),
      );
      missing.value = gone;
      studies.value = whole.studies;
      runs.value = new Map([...whole.runs, ...single].map((run) => [run.id, run]));
      items.value = [...request.items, ...all];
      asked.value = request.series;
      await readRows();
    });
    if (own === round) loading.value = false;
  }

  /** With those that single runs belong to: a study knows what its detectors read. */
  async function readStudies(
    { items: wanted, studies: all }: CompareRequest,
    single: readonly RunSummary[],
    gone: string[],
  ) {
    const ids = new Set([
      ...all,
      ...wanted.flatMap((item) => (item.kind === 'condition' ? [item.studyId] : [])),
    ]);
    const found = new Map<number, StudyDetail>();
    const own: RunSummary[] = [];
    for (const id of new Set([...ids, ...single.map(({ studyId }) => studyId)])) {
      try {
        found.set(id, await client.getStudy({ id }));
        if (ids.has(id)) own.push(...(await client.listRuns({ studyId: id })).runs);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        gone.push(`study ${id}`);
      }
    }
    for (const item of wanted) {
      if (item.kind !== 'condition') continue;
      const study = found.get(item.studyId);
      if (study && !study.conditions.includes(item.condition))
        gone.push(`condition ${item.condition} of ${study.name}`);
    }
    return { studies: found, runs: own };
  }

  async function readRuns({ items: wanted }: CompareRequest, gone: string[]): Promise<RunSummary[]> {
    const read = wanted.map(async (item) => {
      if (item.kind !== 'run') return [];
      try {
        return [await client.getRun({ id: item.runId })];
      } catch (error) {
        if (!isNotFound(error)) throw error;
        gone.push(`run ${item.runId}`);
        return [];
      }
    });
    return (await Promise.all(read)).flat();
  }

  const wantedRuns = computed(() => [...new Set(items.value.flatMap((item) => partsOf(item)?.runs ?? []))]);

  async function readRows(): Promise<void> {
    const own = round;
    book.want(series.value);
    for (const run of wantedRuns.value) book.touch(run.id, run.rows, run.rows);
    await book.refresh();
    const changed = wantedRuns.value.filter(({ id, rows, state }) => {
      const before = scores.value.get(id);
      return rows > 0 && (before?.state !== 'finished' || state !== 'finished');
    });
    const read = await Promise.all(changed.map(({ id }) => client.measureRun({ id })));
    if (own !== round) return;
    scores.value = new Map([...scores.value, ...read.map((score) => [score.id, score] as const)]);
    seriesVersion.value++;
  }

  const refresh = throttle(interval, async () => {
    if (items.value.length > 0) await lab.attempt(readRows);
  });

  lab.listen((event) => {
    if (event.type === 'resync' && wanted.items.length + wanted.studies.length > 0) void open(wanted);
    if (items.value.length === 0) return;
    if (event.type === 'rows') {
      const run = runs.value.get(event.runId);
      if (!run) return;
      const rows = event.firstEpoch + event.count;
      book.touch(run.id, rows, event.firstEpoch);
      runs.value = new Map([...runs.value, [run.id, { ...run, rows }]]);
      refresh();
    } else if (event.type === 'studies' && studies.value.has(event.studyId)) void readStudy(event.studyId);
    else if (event.type === 'run' && runs.value.has(event.runId)) void readRun(event.runId);
  });

  /** Another study is no other comparison, but other detectors are other scores. */
  async function readStudy(id: number): Promise<void> {
    await lab.attempt(async () => {
      const study = await client.getStudy({ id });
      const before = studies.value.get(id);
      if (!before) return;
      studies.value = new Map([...studies.value, [id, study]]);
      if (sameScoring(before.study, study.study)) return;
      const own = new Set([...runs.value.values()].flatMap((run) => (run.studyId === id ? [run.id] : [])));
      scores.value = new Map([...scores.value].filter(([runId]) => !own.has(runId)));
      refresh();
    });
  }

  async function readRun(runId: number): Promise<void> {
    await lab.attempt(async () => {
      const run = await client.getRun({ id: runId });
      runs.value = new Map([...runs.value, [runId, run]]);
      refresh();
    });
  }

  /** The page was left: nothing of it is asked for any more. */
  function leave(): void {
    round++;
    wanted = { items: [], studies: [], series: [] };
    items.value = [];
  }

  return { items, groups, known, series, asked, missing, loading, open, leave };
});
