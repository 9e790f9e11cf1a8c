import type { Core, RunFilter, SeriesQuery } from '#main/core/core.ts';
import { bandOf } from '#shared/figures/band.ts';
import type { RunSummary, StudyDetail, StudySummary } from '#shared/models/lab.ts';
import { problem, ProblemError } from '#shared/models/problem.ts';
import type { RunState } from '#shared/models/run.ts';
import type { Study } from '#shared/models/study.ts';
import { buildReport } from '#shared/report/build-report.ts';
import { compareRuns } from '#shared/report/compare-runs.ts';
import { measureRun } from '#shared/report/measure-run.ts';
import type { MeasuredRun } from '#shared/report/measured-run.ts';
import { changeScoring } from '#shared/study/change-scoring.ts';
import { formatProblem, parseStudy } from '#shared/study/parse-study.ts';
import { absentMatrix, fakeMatrix, fakeTile } from './fake-matrix.ts';
import { provenance, testRepulsion } from '../src-main/store/store-values.ts';

interface FakeStudy {
  readonly id: number;
  study: Study;
  deletedAt: string | null;
  tags: readonly string[];
  note: string;
  paused: boolean;
}

type FakeRun = RunSummary & { readonly deleted: boolean };

/** Rows a finished run of the fake has. */
const rows = 21;
const probed = [0, 10];

/**
 * The lab in memory: studies are really parsed and expanded, `startStudy` finishes every run at once, and the numbers hold every kind of
 * float64 there is. Nothing is trained or written to disk.
 */
export function fakeCore(): Core {
  const studies = new Map<number, FakeStudy>();
  const runs = new Map<number, FakeRun>();

  function study(id: number): FakeStudy {
    const found = studies.get(id);
    if (!found) throw problem('not-found', `There is no study ${id} in this lab.`);
    return found;
  }
  function run(id: number): FakeRun {
    const found = runs.get(id);
    if (!found) throw problem('not-found', `There is no run ${id} in this lab.`);
    return found;
  }
  function liveRun(id: number): FakeRun {
    const found = run(id);
    if (found.deleted) throw problem('not-found', `Run ${id} is deleted.`);
    return found;
  }
  function change(id: number, changes: Partial<FakeRun>): void {
    runs.set(id, { ...run(id), ...changes });
  }
  function runsOf(studyId: number): FakeRun[] {
    study(studyId);
    return [...runs.values()].filter((each) => each.studyId === studyId && !each.deleted);
  }
  function changeStates(studyId: number, from: readonly RunState[], changes: Partial<FakeRun>): void {
    for (const each of runsOf(studyId)) if (from.includes(each.state)) change(each.id, changes);
  }
  function summary(id: number): StudySummary {
    const { study: file, deletedAt, tags, note, paused } = study(id);
    const states = { queued: 0, running: 0, finished: 0, failed: 0, interrupted: 0, cancelled: 0 };
    for (const { state } of runsOf(id)) states[state]++;
    const { name, description, seeds } = file;
    const conditions = file.conditions.map((condition) => condition.name);
    const createdAt = '2026-11-23T15:10:35.000Z';
    return { id, name, description, createdAt, deletedAt, tags, note, paused, conditions, seeds, states };
  }
  function measured(id: number): MeasuredRun {
    const { condition, seed, state, settings, seconds, problem: reason } = run(id);
    const series = (name: string): Float64Array => seriesValues(id, name);
    const repulsion = probed.map(testRepulsion);
    return {
      id,
      condition,
      seed,
      state,
      engine: 'plain',
      epochs: settings.epochs,
      seconds,
      problem: reason,
      series,
      repulsion,
    };
  }
  const finish: Partial<FakeRun> = { state: 'finished', rows, seconds: 1.5, provenance, testAccuracy: 1 };

  return {
    info: () => ({
      path: '/lab/fake.lab',
      appVersion: '0.1.0',
      readOnly: false,
      workers: 2,
      recovered: 0,
      upgraded: null,
    }),
    presets: () => [
      {
        name: 'quick',
        title: 'Quick',
        description: 'A first look.',
        text: 'study: Quick\n',
        paper: null,
      },
    ],
    doctor: async (measure) => [
      { engine: 'plain', version: '1', gigaflops: measure ? 1.25 : null, unavailable: null },
      { engine: 'tensorflow', version: null, gigaflops: null, unavailable: 'Its addon does not load.' },
    ],
    hostReport: () => ({
      appVersion: '0.1.0',
      runtime: 'Node 24',
      platform: 'here',
      cores: 2,
      workers: 2,
      threadsPerTrainer: 1,
      memoryBytes: 1e9,
      backups: [],
      lab: { path: '/lab/fake.lab', bytes: null, freeBytes: null },
    }),
    checkStudy(text, file) {
      const parsed = parseStudy(text, file);
      if (!parsed.ok) return { ok: false, problems: parsed.problems };
      const { name, conditions, seeds } = parsed.study;
      const count = conditions.length * seeds.length;
      const preview = { name, conditions: conditions.length, seeds: seeds.length, runs: count };
      return {
        ok: true,
        preview: {
          ...preview,
          rows: count * rows,
          seconds: null,
          secondsFrom: null,
          bytes: 1e6,
          memory: { bytes: 1e6, available: 1e9 },
          resolved: conditions,
          costs: [],
        },
        warnings: parsed.warnings,
      };
    },
    createStudy(text, file) {
      const parsed = parseStudy(text, file);
      if (!parsed.ok)
        throw new ProblemError(
          parsed.problems.map((found) => ({ code: 'study-invalid', message: formatProblem(found) })),
        );
      const id = studies.size + 1;
      studies.set(id, { id, study: parsed.study, deletedAt: null, tags: [], note: '', paused: true });
      for (const { name: condition, settings } of parsed.study.conditions) {
        for (const seed of parsed.study.seeds) {
          const shown = {
            studyName: parsed.study.name,
            tags: [],
            note: '',
            testAccuracy: null,
            restarts: 0,
            deleted: false,
          };
          const blank = { rows: 0, seconds: 0, provenance: null, problem: null };
          const number = runs.size + 1;
          runs.set(number, {
            id: number,
            studyId: id,
            condition,
            seed,
            settings,
            state: 'queued',
            ...blank,
            ...shown,
          });
        }
      }
      return summary(id);
    },
    listStudies: ({ search = '', deleted = false }) =>
      [...studies.values()]
        .filter((each) => (each.deletedAt !== null) === deleted && each.study.name.includes(search))
        .map(({ id }) => summary(id)),
    getStudy: (id): StudyDetail => ({ ...summary(id), study: study(id).study }),
    async startStudy(id) {
      study(id).paused = false;
      changeStates(id, ['queued', 'interrupted', 'failed', 'cancelled'], finish);
    },
    async pauseStudy(id) {
      study(id).paused = true;
    },
    cancelStudy: async (id) => changeStates(id, ['queued', 'running'], { state: 'cancelled' }),
    async deleteStudy(id) {
      study(id).deletedAt = '2026-11-23T16:00:00.000Z';
    },
    restoreStudy: (id) => void (study(id).deletedAt = null),
    tagStudy: (id, tags) => void (study(id).tags = tags),
    annotateStudy: (id, note) => void (study(id).note = note),
    setDetectors(id, change) {
      const judged = changeScoring(study(id).study, change);
      if (!judged.ok)
        throw new ProblemError(
          judged.problems.map((message) => ({ code: 'bad-argument', message: `Study ${id}: ${message}.` })),
        );
      study(id).study = { ...study(id).study, ...judged.scoring };
      return { ...summary(id), study: study(id).study };
    },
    report: (id) =>
      buildReport(
        study(id).study,
        runsOf(id).map((each) => measured(each.id)),
      ),

    listRuns(filter) {
      const all = [...runs.values()].filter((each) => !each.deleted && matches(each, filter));
      const sorted = filter.sort?.descending ? all.toReversed() : all;
      const { offset = 0, limit = all.length } = filter;
      return { total: all.length, runs: sorted.slice(offset, offset + limit).map(shown) };
    },
    getRun: (id) => shown(liveRun(id)),
    runLog: (id) => [
      {
        number: 1,
        at: '2026-11-24T10:00:00.000Z',
        state: 'queued',
        attempt: 0,
        rows: liveRun(id).rows,
        engine: null,
        checkpoint: null,
        reason: null,
      },
    ],
    measureRun: (id) => measureRun(study(liveRun(id).studyId).study, measured(id)),
    compareRuns: (ids) =>
      compareRuns(
        ids.map((id) => ({ run: run(id), measured: measureRun(study(run(id).studyId).study, measured(id)) })),
      ),
    cancelRun: async (id) => change(id, { state: 'cancelled' }),
    retryRun: async (id) => change(id, finish),
    deleteRun: async (id) => change(id, { deleted: true }),
    restoreRun: (id) => change(id, { deleted: false }),
    tagRun: (id, tags) => change(id, { tags }),
    annotateRun: (id, note) => change(id, { note }),
    async deleteRuns(ids) {
      for (const id of ids) change(id, { deleted: true });
    },
    restoreRuns(ids) {
      for (const id of ids) change(id, { deleted: false });
    },
    tagRuns(ids, add, remove) {
      for (const id of ids)
        change(id, { tags: [...run(id).tags.filter((tag) => !remove.includes(tag)), ...add] });
    },
    cancelRuns: async (ids) => ids.forEach((id) => change(id, { state: 'cancelled' })),
    retryRuns: async (ids) => ids.forEach((id) => change(id, finish)),
    listDeleted: () =>
      [...runs.values()]
        .filter((each) => each.deleted)
        .map(({ id, studyName: name }) => {
          const deletedAt = '2026-11-23T16:00:00.000Z';
          return { kind: 'run', id, name, deletedAt, runs: 1 };
        }),
    runTable({ studyId }) {
      const found = [...runs.values()].filter((each) => !each.deleted);
      const shown = found.filter((each) => studyId === undefined || each.studyId === studyId);
      return {
        total: found.length,
        pending: 0,
        ids: Int32Array.from(shown, ({ id }) => id),
        columns: [
          { name: 'late', kind: 'number', values: Float64Array.from(shown, () => Number.NaN) },
          { name: 'state', kind: 'text', values: Int32Array.from(shown, () => 0), words: ['finished'] },
        ],
      };
    },
    runColumns: () => [{ name: 'seed', kind: 'number', group: 'run' }],

    seriesNames: (id) => (run(id).rows === 0 ? [] : ['train.loss', 'test.accuracy']),
    series: (query) => query.runIds.map((id) => window(liveRun(id).id, query)),
    async bands({ studyId, name, conditions }) {
      return [...Map.groupBy(runsOf(studyId), ({ condition }) => condition)]
        .filter(([condition]) => conditions?.includes(condition) ?? true)
        .map(([condition, own]) => ({
          condition,
          runs: own.map(({ id }) => ({ id, rows })),
          ...bandOf(own.map(({ id }) => seriesValues(id, name))),
        }));
    },
    probeEpochs: (id) => (run(id).rows === 0 ? [] : probed),
    probe(id, epoch) {
      if (run(id).rows === 0 || !probed.includes(epoch))
        throw problem('not-found', `Run ${id} has no probe at ${epoch}.`);
      return testRepulsion(epoch);
    },
    async replay(id, epoch) {
      if (epoch > run(id).settings.epochs) throw problem('bad-argument', `Run ${id} has no epoch ${epoch}.`);
      return { result: testRepulsion(epoch), stored: probed.includes(epoch) ? 'identical' : 'none' };
    },
    matrixState: ({ epoch }) => (epoch === 0 ? { state: 'ready', matrix: fakeMatrix } : absentMatrix),
    prepareMatrix: async () => fakeMatrix,
    cancelMatrix: ({ runId }) => void run(runId),
    matrixTile: () => fakeTile,
    matrixPair: ({ rows: [from] }) => (from === 0 ? null : { j: 1, l: 0, b: -0.1, cosine: -0 }),
    exportTables: (_target, format, folder) => ({ files: [`${folder}/rows.${format}`], rows }),
    exportLab(_target, file) {
      if (file.endsWith('.full'))
        throw problem('disk-full', `${file} could not be written: the disk is full.`);
    },
    importFrom(from) {
      if (!from.endsWith('.lab')) throw problem('import-invalid', `${from} is no lab: name a .lab file.`);
      return { studyIds: [1], notes: [`${from}: 1 study.`] };
    },
    subscribe: () => () => {},
    close: async () => {},
  };
}

function shown({ deleted, ...summary }: FakeRun): RunSummary {
  if (deleted) throw problem('not-found', `Run ${summary.id} was deleted.`);
  return summary;
}

function matches(run: RunSummary, { studyId, search = '', states }: RunFilter): boolean {
  if (studyId !== undefined && run.studyId !== studyId) return false;
  return (states?.includes(run.state) ?? true) && `${run.condition} ${run.note}`.includes(search);
}

function window(runId: number, { name, range, points }: SeriesQuery): ReturnType<Core['series']>[number] {
  const [first, last] = range ?? [0, rows - 1];
  const stored = last - first + 1;
  const length = Math.min(stored, points ?? stored);
  const epochs = length < stored ? Float64Array.from({ length }, (_, index) => first + index) : null;
  const values = seriesValues(runId, name).slice(first, first + length);
  return { runId, name, first, epochs, values, stored };
}

/** Reproducible, and among the first rows a float64 of every kind: NaN, a NaN with a payload, -0, infinities, the smallest. */
function seriesValues(runId: number, name: string): Float64Array {
  const values = Float64Array.from({ length: rows }, (_, epoch) =>
    Math.sin(runId * 100 + epoch + name.length),
  );
  values.set([Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1 / 3]);
  new BigUint64Array(values.buffer)[1] = 0x7ff8_0000_dead_beefn;
  return values;
}
