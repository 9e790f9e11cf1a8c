import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Core } from '#main/core/core.ts';
import type { LabClient } from '#shared/contract/contract.ts';
import { contract } from '#shared/contract/contract.ts';
import { problemsOf } from '#shared/contract/failures.ts';
import { followEvents } from '#shared/contract/follow-events.ts';
import type { StreamEvent } from '#shared/contract/lab.ts';
import type { LabEvent } from '#shared/models/lab.ts';
import { quickStudy } from './quick-study.ts';
import { observed } from './observed-core.ts';
import type { ObservedCore } from './observed-core.ts';
import type { Connect, Connected } from './transports.ts';

interface Setting extends Connected, Omit<ObservedCore, 'core' | 'watched'> {
  readonly core: Core;
  /** A study whose runs are all finished. */
  readonly studyId: number;
  readonly runId: number;
}

export interface SuiteCore {
  readonly operations: Core;
  /** Resolves when a study trains no more. */
  settled(studyId: number): Promise<void>;
}

/** Has the runs of the quick study trained, and gives its id. */
export async function trainQuickStudy({ operations, settled }: SuiteCore): Promise<number> {
  const { id } = operations.createStudy(quickStudy, 'quick.yaml');
  await operations.startStudy(id, { engine: 'plain' });
  await vi.waitFor(() => expect(operations.getStudy(id).states.finished).toBe(2), { timeout: 60_000 });
  // The last word on a study comes when its last trainer is gone.
  await settled(id);
  return id;
}

/** What any host must answer over any transport. `makeCore` gives a lab that holds the trained quick study and nothing else; the oracle is the core itself, called directly. */
export function contractSuite(name: string, connect: Connect, makeCore: () => Promise<SuiteCore>): void {
  describe(name, () => {
    const open: Setting[] = [];
    const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-contract-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    afterEach(async () => {
      for (const setting of open.splice(0)) {
        await setting.close();
        await setting.core.close();
      }
    });

    async function setUp(change: (core: Core) => Core = (core) => core): Promise<Setting> {
      const { operations } = await makeCore();
      const { core, watched, ...rest } = observed(change(operations));
      const connected = await connect(watched);
      // A client connects when it is first asked something.
      await connected.client.listDeleted();
      const [{ id: studyId }] = core.listStudies({});
      const [{ id: runId }] = core.listRuns({ studyId }).runs;
      const setting = { core, ...rest, ...connected, studyId, runId };
      open.push(setting);
      return setting;
    }

    it('answers every question as the core does, to the last bit', async () => {
      const { client, core, studyId, runId } = await setUp(asksDoctorOnce);
      expect(await client.info()).toStrictEqual(core.info());
      expect(await client.presets()).toStrictEqual(core.presets());
      expect(await client.doctor({ measure: false })).toStrictEqual(await core.doctor(false));
      const wrong = 'study: X\nepochs: -1\n';
      expect(await client.checkStudy({ text: quickStudy, file: 'a' })).toStrictEqual(
        core.checkStudy(quickStudy, 'a'),
      );
      expect(await client.checkStudy({ text: wrong, file: 'a' })).toStrictEqual(core.checkStudy(wrong, 'a'));
      expect(await client.listStudies({})).toStrictEqual(core.listStudies({}));
      expect(await client.getStudy({ id: studyId })).toStrictEqual(core.getStudy(studyId));
      expect(await client.report({ id: studyId })).toStrictEqual(core.report(studyId));
      const filter = { studyId, states: ['finished'], limit: 1, offset: 1 } as const;
      expect(await client.listRuns(filter)).toStrictEqual(core.listRuns(filter));
      const [told, own] = [await client.hostReport(), core.hostReport()];
      // Others write to the disk between the two.
      expect({ ...told, lab: { ...told.lab, freeBytes: own.lab.freeBytes } }).toStrictEqual(own);
      expect(typeof told.lab.freeBytes).toBe(typeof own.lab.freeBytes);
      expect(await client.runColumns()).toStrictEqual(core.runColumns());
      const tableQuery = { studyId, columns: ['late', 'state'], sort: { by: 'late', descending: true } };
      // What an answer has no time to score is scored behind it.
      await vi.waitFor(() => expect(core.runTable(tableQuery).pending).toBe(0));
      expect(await client.runTable(tableQuery)).toStrictEqual(core.runTable(tableQuery));
      expect(await client.getRun({ id: runId })).toStrictEqual(core.getRun(runId));
      expect(await client.runLog({ id: runId })).toStrictEqual(core.runLog(runId));
      expect(await client.measureRun({ id: runId })).toStrictEqual(core.measureRun(runId));
      const both = core.listRuns({ studyId }).runs.map(({ id }) => id);
      expect(await client.compareRuns({ runIds: both })).toStrictEqual(core.compareRuns(both));
      expect(await client.seriesNames({ runId })).toStrictEqual(core.seriesNames(runId));
      expect(await client.probeEpochs({ runId })).toStrictEqual(core.probeEpochs(runId));
      const [epoch] = core.probeEpochs(runId);
      expect(await client.probe({ runId, epoch })).toStrictEqual(core.probe(runId, epoch));
      expect(await client.replay({ runId, epoch })).toStrictEqual(await core.replay(runId, epoch));
      const query = { runId, epoch, ridge: 0.5 };
      expect(await client.prepareMatrix(query)).toStrictEqual(await core.prepareMatrix(query));
      expect(await client.matrixState(query)).toStrictEqual(core.matrixState(query));
      const place = { ...query, kind: 'b', order: 'cluster', rows: [1, 2], columns: [0, 2] } as const;
      expect(await client.matrixPair(place)).toStrictEqual(core.matrixPair(place));
      const tile = { ...place, cells: [1, 2], statistic: 'extreme' } as const;
      expect(await client.matrixTile(tile)).toStrictEqual(core.matrixTile(tile));
    });

    it('carries a series as bytes: every float64 arrives as it was, NaN and -0 included', async () => {
      const { client, core, runId } = await setUp();
      const query = { runIds: [runId, runId + 1], name: 'test.accuracy', range: [0, 12], points: 8 } as const;
      const there = core.series(query);
      const here = await client.series(query);
      expect(here.map(({ values }) => hex(values))).toStrictEqual(there.map(({ values }) => hex(values)));
      expect(here).toStrictEqual(there);
    });

    it('carries bands as bytes, of the conditions asked for', async () => {
      const { client, core, studyId } = await setUp();
      const query = { studyId, name: 'test.accuracy' };
      const there = await core.bands(query);
      const here = await client.bands(query);
      expect(here.map(({ median }) => hex(median))).toStrictEqual(there.map(({ median }) => hex(median)));
      expect(here).toStrictEqual(there);
      expect(here[0].runs.length).toBeGreaterThan(0);
      const [{ condition }] = here;
      expect(await client.bands({ ...query, conditions: [condition] })).toStrictEqual([there[0]]);
      expect(await client.bands({ ...query, conditions: [] })).toStrictEqual([]);
    });

    it('carries out every change', async () => {
      const { client, core, studyId, runId } = await setUp();
      await client.tagStudy({ id: studyId, tags: ['paper', 'figure 2'] });
      await client.annotateStudy({ id: studyId, note: 'Seeds 0 and 1.' });
      await client.tagRun({ id: runId, tags: ['odd'] });
      await client.annotateRun({ id: runId, note: 'Look again.' });
      expect(core.getStudy(studyId)).toMatchObject({ note: 'Seeds 0 and 1.' });
      expect(core.getStudy(studyId).tags.toSorted()).toStrictEqual(['figure 2', 'paper']);
      expect(core.getRun(runId)).toMatchObject({ tags: ['odd'], note: 'Look again.' });

      await client.deleteRun({ id: runId });
      expect(core.listRuns({ studyId }).total).toBe(1);
      await client.restoreRun({ id: runId });
      expect(core.listRuns({ studyId }).total).toBe(2);
      const both = core.listRuns({ studyId }).runs.map((run) => run.id);
      await client.tagRuns({ ids: both, add: ['pair'], remove: ['odd'] });
      expect(core.listRuns({ studyId }).runs.map((run) => run.tags)).toStrictEqual([['pair'], ['pair']]);
      await client.deleteRuns({ ids: both });
      expect(core.listRuns({ studyId }).total).toBe(0);
      expect((await client.listDeleted()).map((item) => item.id).toSorted()).toStrictEqual(both.toSorted());
      await client.restoreRuns({ ids: both });
      expect(core.listRuns({ studyId }).total).toBe(2);
      await client.deleteStudy({ id: studyId });
      expect(core.listStudies({})).toStrictEqual([]);
      await client.restoreStudy({ id: studyId });
      expect(core.listStudies({}).map(({ id }) => id)).toStrictEqual([studyId]);

      const { id } = await client.createStudy({
        text: quickStudy.replace('Quick', 'Again'),
        file: 'again.yaml',
      });
      await client.pauseStudy({ id });
      expect(core.getStudy(id).paused).toBe(true);
      const [first] = core.listRuns({ studyId: id }).runs;
      await client.cancelRun({ id: first.id });
      expect(core.getStudy(id).states).toMatchObject({ queued: 1, cancelled: 1 });
      await client.cancelStudy({ id });
      expect(core.getStudy(id).states).toMatchObject({ queued: 0, cancelled: 2 });
      await client.retryRun({ id: first.id });
      await vi.waitFor(() => expect(core.getRun(first.id).state).toBe('finished'), { timeout: 60_000 });

      await client.startStudy({ id, engine: 'plain' });
      await vi.waitFor(() => expect(core.getStudy(id).states.finished).toBe(2), { timeout: 60_000 });
    });

    it('gives a study other detectors: every measure is of them at once, and a wrong one changes nothing', async () => {
      const { client, core, studyId, runId } = await setUp();
      const before = core.getStudy(studyId).study;
      const level = { kind: 'level', series: 'test.accuracy', threshold: 0.01 } as const;
      const late = { range: [1, 2] };
      const answer = await client.setDetectors({ id: studyId, detectors: { any: level }, late });
      expect(answer).toStrictEqual(core.getStudy(studyId));
      const now = { any: { ...level, from: 0, direction: 'rising' } };
      expect(answer.study).toMatchObject({ detectors: now, late: { ...before.late, range: [1, 2] } });
      expect(Object.keys((await client.measureRun({ id: runId })).detectors)).toStrictEqual(['any']);
      const [condition] = (await client.report({ id: studyId })).conditions;
      expect(Object.keys(condition.detectors)).toStrictEqual(['any']);
      const absent = { ...level, series: 'test.acuracy' };
      const refused = await client
        .setDetectors({
          id: studyId,
          detectors: { any: absent },
          intervals: { gap: { from: 'any', to: 'non' } },
        })
        .catch((thrown: unknown) => thrown);
      expect(problemsOf(refused)?.map(({ code, message }) => [code, message])).toStrictEqual([
        ['bad-argument', expect.stringMatching(/detectors\.any\.series .*did you mean test\.accuracy/)],
        ['bad-argument', expect.stringMatching(/intervals\.gap\.to must be a detector's name, got "non"/)],
      ]);
      expect(core.getStudy(studyId)).toStrictEqual(answer);
    });

    it('reaches every operation of the core but `close`, which is the host’s', async () => {
      const setting = await setUp();
      const { client, studyId, runId } = setting;
      const matrix = { runId, epoch: 0, ridge: 0.5 };
      const matrixPlace = { ...matrix, kind: 'b', order: 'index', rows: [0, 2], columns: [0, 2] };
      const inputs: Partial<Record<string, unknown>> = {
        doctor: { measure: false },
        checkStudy: { text: quickStudy, file: 'a' },
        createStudy: { text: quickStudy, file: 'a' },
        listStudies: {},
        listRuns: {},
        startStudy: { id: studyId, engine: 'auto' },
        tagStudy: { id: studyId, tags: [] },
        annotateStudy: { id: studyId, note: '' },
        setDetectors: { id: studyId, detectors: {} },
        tagRun: { id: runId, tags: [] },
        annotateRun: { id: runId, note: '' },
        compareRuns: { runIds: [runId] },
        runTable: {},
        cancelRuns: { ids: [runId] },
        retryRuns: { ids: [runId] },
        deleteRuns: { ids: [runId + 1] },
        restoreRuns: { ids: [runId + 1] },
        tagRuns: { ids: [runId], add: [], remove: [] },
        seriesNames: { runId },
        series: { runIds: [runId], name: 'test.accuracy' },
        bands: { studyId, name: 'test.accuracy' },
        probeEpochs: { runId },
        probe: { runId, epoch: 0 },
        replay: { runId, epoch: 0 },
        matrixState: matrix,
        prepareMatrix: matrix,
        cancelMatrix: matrix,
        matrixTile: { ...matrixPlace, cells: [2, 2], statistic: 'mean' },
        matrixPair: matrixPlace,
        exportTables: {
          target: { kind: 'run', id: runId },
          format: 'csv',
          folder: path.join(folder, 'tables'),
          force: false,
        },
        exportLab: { target: { kind: 'lab' }, file: path.join(folder, 'x.lab') },
        importFrom: { path: path.join(folder, 'x.lab') },
      };
      const calls: Record<string, (input: unknown) => Promise<unknown>> = { ...untyped(client) };
      for (const operation of Object.keys(contract).filter(
        (key) => key !== 'events' && key !== 'deleteRun',
      )) {
        const input = inputs[operation] ?? { id: operation.endsWith('Run') ? runId : studyId };
        await calls[operation](input).catch((error: unknown) => expect(problemsOf(error)).not.toBeNull());
      }
      await calls.deleteRun({ id: runId });
      const events = followEvents(client, new AbortController().signal);
      const first = events.next();
      await vi.waitFor(() => expect(setting.listeners()).toBe(1));
      setting.emit(notice('Hello.'));
      await first;
      await events.return();
      const missing = Object.keys(setting.core).filter((key) => key !== 'close' && !setting.called.has(key));
      expect(missing).toStrictEqual([]);
    });

    it.each([
      ['startStudy', { id: -3, engine: 'auto' }, 'startStudy: id must be a whole number >= 1, got -3'],
      [
        'startStudy',
        { id: 1, engine: 'gpu' },
        'startStudy: engine must be one of auto, tensorflow, native, wasm, plain, got "gpu"',
      ],
      ['getRun', { id: '7' }, 'getRun: id must be a whole number >= 1, got "7"'],
      ['getRun', {}, 'getRun: id must be a whole number >= 1, got nothing'],
      ['getRun', undefined, 'getRun: input must be an object with id, got nothing'],
      [
        'getRun',
        { id: 1, force: true },
        'getRun: input must have no force; it knows id, got {"id":1,"force":true}',
      ],
      [
        'series',
        { runIds: [1], name: 'test.loss', range: [9, 3] },
        'series: range must be [first, last] with first <= last, such as [0, 400], got [9,3]',
      ],
      [
        'series',
        { runIds: [1, 0], name: 'test.loss' },
        'series: runIds[1] must be a whole number >= 1, got 0',
      ],
      [
        'series',
        { runIds: [1], name: 'test.loss', points: 1 },
        'series: points must be a whole number >= 2, got 1',
      ],
      [
        'listRuns',
        { sort: { by: 'size', descending: true } },
        'listRuns: sort.by must be one of id, study, condition, seed, state, rows, seconds, testAccuracy, got "size"',
      ],
      [
        'exportLab',
        { target: { kind: 'lab' }, file: 'x.lab' },
        'exportLab: file must be an absolute path, got "x.lab"',
      ],
      [
        'exportLab',
        { target: { kind: 'all' }, file: '/x.lab' },
        'exportLab: target.kind must be {kind: "study", id}, {kind: "run", id} or {kind: "lab"}, got "all"',
      ],
      ['tagRun', { id: 1, tags: ['ok', ' '] }, 'tagRun: tags[1] must not be empty, got " "'],
      [
        'setDetectors',
        { id: 1, detectors: { half: { kind: 'level', series: 'test.accuracy', threshold: '0.5' } } },
        'setDetectors: detectors.half.threshold must be a finite number, got "0.5"',
      ],
      [
        'setDetectors',
        { id: 1, detectors: { half: { kind: 'peak' } } },
        'setDetectors: detectors.half.kind must be slope or level, got "peak"',
      ],
    ])('refuses a wrong input at the door: %s %j', async (operation, input, message) => {
      const setting = await setUp();
      const before = new Set(setting.called);
      const call = untyped(setting.client)[operation];
      const error = await call(input).catch((thrown: unknown) => thrown);
      expect(problemsOf(error)).toStrictEqual([{ code: 'bad-argument', message }]);
      expect(error).toMatchObject({ code: 'bad-argument', defined: true });
      expect(new Set(setting.called)).toStrictEqual(before);
      expect(setting.bugs).toStrictEqual([]);
    });

    it('tells an expected failure as data: its stable code and its sentences, all of them', async () => {
      const { client, core, bugs } = await setUp();
      const missing = await client.getRun({ id: 4711 }).catch((thrown: unknown) => thrown);
      expect(problemsOf(missing)).toStrictEqual(problemsThrown(() => core.getRun(4711)));
      expect(missing).toMatchObject({ code: 'not-found', defined: true });
      const text = 'study: X\nepochs: -1\nnetwork: { width: 0 }\n';
      const invalid = await client.createStudy({ text, file: 'x.yaml' }).catch((thrown: unknown) => thrown);
      const problems = problemsThrown(() => core.createStudy(text, 'x.yaml'));
      expect(problems.length).toBeGreaterThan(1);
      expect(problemsOf(invalid)).toStrictEqual(problems);
      expect(bugs).toStrictEqual([]);
    });

    it('reports a fault of the lab to the host and tells the client nothing of its insides', async () => {
      const fault = new TypeError('Cannot read properties of undefined at /home/user/secret.ts');
      const { client, bugs } = await setUp((core) => ({
        ...core,
        info: () => {
          throw fault;
        },
      }));
      const error: unknown = await client.info().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', defined: false });
      expect(JSON.stringify(error)).not.toMatch(/secret|TypeError|stack/);
      expect(problemsOf(error)).toBeNull();
      expect(bugs).toStrictEqual([{ error: fault, operation: 'info' }]);
    });

    it('streams events in order and in full to a client that reads', async () => {
      const setting = await setUp();
      const stop = new AbortController();
      const heard = collect(setting.client, stop.signal);
      await vi.waitFor(() => expect(setting.listeners()).toBe(1));
      const told = Array.from({ length: 500 }, (_, index) => notice(`Notice ${index}.`));
      for (const event of told) setting.emit(event);
      await vi.waitFor(() => expect(heard.events).toHaveLength(told.length));
      expect(heard.events).toStrictEqual(told);
      stop.abort();
      await heard.ended;
      await vi.waitFor(() => expect(setting.listeners()).toBe(0));
      expect(setting.bugs).toStrictEqual([]);
    });

    it('keeps a bounded queue for a client that does not read, tells it so, and goes on', async () => {
      const setting = await setUp();
      const stop = new AbortController();
      const events = followEvents(setting.client, stop.signal);
      const first = events.next();
      await vi.waitFor(() => expect(setting.listeners()).toBe(1));
      setting.emit(notice('First.'));
      expect(await first).toStrictEqual({ done: false, value: notice('First.') });
      // The client has taken one event and now does nothing, while the lab tells of a long night.
      for (let epoch = 0; epoch < 50_000; epoch++) {
        setting.emit(rowsEvent(1 + (epoch % 5000), epoch));
        // Time for the host to send, if it were to send to a client that is not ready.
        if (epoch % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      setting.emit(notice('Last.'));
      const rest: StreamEvent[] = [];
      for await (const event of events) {
        rest.push(event);
        if (event.type === 'notice') break;
      }
      expect(rest.length).toBeLessThanOrEqual(1001);
      expect(rest[0].type).toBe('resync');
      expect(rest.at(-1)).toStrictEqual(notice('Last.'));
      await vi.waitFor(() => expect(setting.listeners()).toBe(0));
    });

    it('frees the subscription of a client that vanishes mid-stream, and tells that client', async () => {
      const setting = await setUp();
      const heard = collect(setting.client, new AbortController().signal);
      await vi.waitFor(() => expect(setting.listeners()).toBe(1));
      setting.emit(notice('Still here.'));
      await vi.waitFor(() => expect(heard.events).toHaveLength(1));
      setting.cut();
      await vi.waitFor(() => expect(setting.listeners()).toBe(0));
      await heard.ended;
      expect(heard.failure()).toBeInstanceOf(Error);
      expect(setting.bugs).toStrictEqual([]);
    });

    it.each([
      ['text that is no message', 'hello'],
      ['bytes that are no message', Uint8Array.of(0, 255, 1, 2)],
      ['a message without its parts', '{"i":"1"}'],
    ])('ends the connection on %s, and the host lives on', async (_, message) => {
      const setting = await setUp();
      const state = vi.fn();
      setting.connection.onState(state);
      setting.sendRaw(message);
      await vi.waitFor(() => expect(state).toHaveBeenCalledWith('lost'));
      expect(setting.bugs).toHaveLength(1);
      const another = await connect(setting.core);
      expect(await another.client.info()).toStrictEqual(setting.core.info());
      await another.close();
    });
  });
}

/** A doctor gives an engine up that is slow to load: on a busy machine two answers may differ. */
function asksDoctorOnce(core: Core): Core {
  const answers = new Map<boolean, ReturnType<Core['doctor']>>();
  return {
    ...core,
    doctor(measure) {
      const answer = answers.get(measure) ?? core.doctor(measure);
      answers.set(measure, answer);
      return answer;
    },
  };
}

function hex(values: Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
}

function notice(message: string): LabEvent {
  return { type: 'notice', level: 'info', message };
}

function rowsEvent(runId: number, firstEpoch: number): LabEvent {
  return { type: 'rows', runId, studyId: 1, firstEpoch, count: 1, testAccuracy: Number.NaN };
}

/** Calls by name, with inputs that the types would not let through. */
function untyped(client: LabClient): Record<string, (input: unknown) => Promise<unknown>> {
  const call = (operation: string) => {
    const found: unknown = Reflect.get(client, operation);
    if (typeof found !== 'function') throw new Error(`No operation ${operation}.`);
    return (input: unknown): Promise<unknown> => Promise.resolve(Reflect.apply(found, undefined, [input]));
  };
  return Object.fromEntries(Object.keys(contract).map((operation) => [operation, call(operation)]));
}

function problemsThrown(act: () => unknown): readonly unknown[] {
  try {
    act();
  } catch (error) {
    if (error instanceof Error && 'problems' in error && Array.isArray(error.problems)) return error.problems;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

function collect(client: LabClient, stop: AbortSignal) {
  const events: StreamEvent[] = [];
  let failure: unknown = null;
  const ended = (async () => {
    try {
      for await (const event of followEvents(client, stop)) events.push(event);
    } catch (error) {
      failure = error;
    }
  })();
  return { events, ended, failure: () => failure };
}
