import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { watch } from 'vue';
import type { StreamEvent } from '#shared/contract/lab.ts';
import { Pace } from '../../../src-renderer/pace.ts';
import { useDraft } from '../../../src-renderer/stores/draft.ts';
import { useHistory } from '../../../src-renderer/stores/history.ts';
import { useLab } from '../../../src-renderer/stores/lab.ts';
import { useNotices } from '../../../src-renderer/stores/notices.ts';
import { useStudyPage } from '../../../src-renderer/stores/study-page.ts';
import { fakeCore } from '../../contract/fake-core.ts';
import type { ObservedCore } from '../../contract/observed-core.ts';
import { observed } from '../../contract/observed-core.ts';
import { quickStudy } from '../../contract/quick-study.ts';
import type { Connected } from '../../contract/transports.ts';
import { windowOver } from './window-lab.ts';

let lab: ObservedCore;
let there: Connected;

beforeEach(async () => {
  lab = observed(fakeCore());
  there = await windowOver(lab.core);
});
afterEach(async () => {
  useLab().close();
  await there.close();
});

describe('the history', () => {
  it('lists what the lab has, and hears of what is new', async () => {
    useLab().open();
    const history = useHistory();
    history.refresh();
    await vi.waitFor(() => expect(history.loaded).toBe(true));
    expect(history.studies).toStrictEqual([]);
    const { id } = lab.core.createStudy(quickStudy, 'quick.yaml');
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    lab.emit({ type: 'studies', studyId: id });
    await vi.waitFor(() => expect(history.studies.map((study) => study.id)).toStrictEqual([id]));
  });
});

describe('the runs of a study of the history', () => {
  it('stay where it is closed and opened again, while the answer to its closing is under way', async () => {
    useLab().open();
    const history = useHistory();
    const { id } = lab.core.createStudy(quickStudy, 'quick.yaml');
    await vi.waitFor(() => expect(useLab().info).not.toBeNull());
    history.setOpen(id, true);
    await vi.waitFor(() => expect(history.items.filter(({ kind }) => kind === 'run')).toHaveLength(2));
    const { listStudies } = lab.core;
    const asked = vi.spyOn(lab.core, 'listStudies').mockImplementationOnce((filter) => {
      history.setOpen(id, true);
      return listStudies(filter);
    });
    const drawn: string[] = [];
    history.setOpen(id, false);
    const stop = watch(
      () => history.items,
      (items) => drawn.push(items.map(({ kind }) => kind).join(' ')),
      { flush: 'sync' },
    );
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    await vi.waitFor(() => expect(drawn.length).toBeGreaterThanOrEqual(3));
    stop();
    expect(new Set(drawn)).toStrictEqual(new Set(['study run run']));
  });
});

describe('the lab', () => {
  it('tells what somebody did at once, in the longest of pauses', async () => {
    await there.close();
    // A pause ends by the clock alone when a test moves it.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    // Nobody looks: half a minute from one look at what is new to the next.
    const pace = new Pace({ processors: 1, isHidden: () => true, now: () => 0, frame: async () => 0 });
    there = await windowOver(lab.core, pace);
    useLab().open();
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    const heard = vi.fn<(event: StreamEvent) => void>();
    useLab().listen(heard);
    lab.emit({ type: 'notice', level: 'info', message: 'the first, which a pause follows' });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
    await useLab().attempt(async () => lab.emit({ type: 'studies', studyId: 1 }));
    // All of it happens in this thread, and the clock stands.
    for (let turn = 0; turn < 1000 && heard.mock.calls.length < 2; turn++) await nextTurn();
    expect(heard).toHaveBeenCalledTimes(2);
  });
});

describe('the draft', () => {
  it('knows every problem at its line, and the preview once there is none', async () => {
    const draft = useDraft();
    draft.load('mine.yaml', quickStudy.replace('epochs:', 'epoks:'));
    await vi.waitFor(() => expect(draft.problems.length).toBeGreaterThan(0));
    const line = quickStudy.split('\n').findIndex((text) => text.startsWith('epochs:')) + 1;
    expect(draft.problems.some((problem) => problem.line === line && problem.field === 'epoks')).toBe(true);
    expect(draft.preview).toBeNull();
    draft.load('mine.yaml', quickStudy);
    await vi.waitFor(() => expect(draft.preview).toMatchObject({ name: 'Quick', seeds: 2 }));
    expect(draft.problems).toStrictEqual([]);
  });

  it('saves and starts a study', async () => {
    const draft = useDraft();
    useLab().open();
    draft.load('mine.yaml', quickStudy);
    await vi.waitFor(() => expect(draft.canStart).toBe(true));
    const id = await draft.start();
    expect(lab.core.listStudies({}).map((study) => [study.id, study.states.queued])).toStrictEqual([[id, 0]]);
  });

  it('starts a study though the lab is asked of it again before it has answered', async () => {
    const draft = useDraft();
    useLab().open();
    await vi.waitFor(() => expect(useLab().info).not.toBeNull());
    draft.load('mine.yaml', quickStudy);
    const started = draft.start();
    void draft.ask();
    expect(await started).toBe(lab.core.listStudies({})[0]?.id);
    expect(lab.core.listStudies({})).toHaveLength(1);
  });

  it('starts nothing while the file is wrong, and knows where it is', async () => {
    const draft = useDraft();
    useLab().open();
    await vi.waitFor(() => expect(useLab().info).not.toBeNull());
    draft.load('mine.yaml', 'study: [');
    expect(await draft.start()).toBeNull();
    expect(draft.problems[0]).toMatchObject({ line: 1 });
    expect(draft.starting).toBe(false);
    expect(lab.core.listStudies({})).toStrictEqual([]);
    const [{ level, message }] = useNotices().all;
    expect(level).toBe('warning');
    expect(message).toMatch(/^Nothing was started: mine\.yaml:1:\d+ /);
  });

  it('starts nothing of nothing, and says so', async () => {
    const draft = useDraft();
    useLab().open();
    draft.load('mine.yaml', '');
    expect(await draft.start()).toBeNull();
    expect(useNotices().all.map(({ message }) => message)).toStrictEqual([
      'Nothing was started: there is no study file. Choose a preset, drop a file or write one.',
    ]);
  });

  it('starts a study though asked to before the lab has said what it is; asked twice, once', async () => {
    const draft = useDraft();
    useLab().open();
    draft.load('mine.yaml', quickStudy);
    expect(useLab().info).toBeNull();
    const ids = await Promise.all([draft.start(), draft.start()]);
    const studies = lab.core.listStudies({});
    expect(ids.filter((id) => id !== null)).toStrictEqual([studies[0]?.id]);
    expect([studies.length, useNotices().all.length]).toStrictEqual([1, 0]);
  });
});

describe('the page of a study', () => {
  it('has the runs, their series and their detectors', async () => {
    const { id } = lab.core.createStudy(quickStudy, 'quick.yaml');
    await lab.core.startStudy(id, { engine: 'plain' });
    const page = useStudyPage();
    await page.open(id);
    const { runs } = lab.core.listRuns({ studyId: id });
    expect([...page.runs.keys()]).toStrictEqual(runs.map((run) => run.id));
    await vi.waitFor(() => expect([useNotices().all, page.measured.size]).toStrictEqual([[], runs.length]));
    const [series] = lab.core.series({ runIds: [runs[0].id], name: 'test.accuracy' });
    await vi.waitFor(() => expect(page.figureRuns()[0].series('test.accuracy')).not.toBeNull());
    expect(page.figureRuns()[0].series('test.accuracy')).toStrictEqual(series.values);
    expect(page.measured.get(runs[0].id)).toStrictEqual(lab.core.measureRun(runs[0].id));
  });

  it('follows rows and states as they are told', async () => {
    useLab().open();
    const { id } = lab.core.createStudy(quickStudy, 'quick.yaml');
    const page = useStudyPage();
    await page.open(id);
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    const [{ id: runId }] = lab.core.listRuns({ studyId: id }).runs;
    lab.emit({ type: 'rows', runId, studyId: id, firstEpoch: 0, count: 7, testAccuracy: 0.25 });
    await vi.waitFor(() => expect(page.runs.get(runId)).toMatchObject({ rows: 7, testAccuracy: 0.25 }));
    await lab.core.startStudy(id, { engine: 'plain' });
    lab.emit({ type: 'run', runId, studyId: id, state: 'finished', problem: null });
    await vi.waitFor(() => expect(page.runs.get(runId)?.state).toBe('finished'));
    await vi.waitFor(() => expect(page.detail?.states.queued).toBe(0));
  });

  it('draws once what one batch of news brought', async () => {
    useLab().open();
    const { id } = lab.core.createStudy(quickStudy, 'quick.yaml');
    await lab.core.startStudy(id, { engine: 'plain' });
    const page = useStudyPage();
    await page.open(id);
    page.see(page.kinds);
    const runs = [...page.runs.values()];
    await vi.waitFor(() => expect(page.measured.size).toBe(runs.length));
    await vi.waitFor(() => expect(page.lacks('test.accuracy')).toBe(false));
    await vi.waitFor(() => expect(lab.listeners()).toBe(1));
    // All that was asked for has come.
    await vi.waitFor(() => expect(page.kinds.filter(page.isReading)).toStrictEqual([]));
    // What is long in coming is drawn in parts, and whatever this process stood still for would be long.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    onTestFinished(() => clock.mockRestore());
    const before = page.seriesVersion;
    for (const { id: runId, rows } of runs)
      lab.emit({ type: 'rows', runId, studyId: id, firstEpoch: 0, count: rows, testAccuracy: 1 });
    await vi.waitFor(() => expect(page.seriesVersion).toBeGreaterThan(before));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(page.seriesVersion).toBe(before + 1);
  });

  it('keeps the others when a run is deleted while something is asked of it', async () => {
    const { id } = lab.core.createStudy(quickStudy, 'quick.yaml');
    await lab.core.startStudy(id, { engine: 'plain' });
    const page = useStudyPage();
    await page.open(id);
    const [gone, ...others] = [...page.runs.keys()];
    // Its detectors and its series are about to be asked for.
    await lab.core.deleteRuns([gone]);
    await vi.waitFor(() => expect([...page.runs.keys()]).toStrictEqual(others));
    await vi.waitFor(() => expect([...page.measured.keys()]).toStrictEqual(others));
    await vi.waitFor(() => expect(page.figureRuns()[0].series('test.accuracy')).not.toBeNull());
    expect([page.missing, page.detail?.id, useNotices().all]).toStrictEqual([false, id, []]);
  });

  it('says that a study is gone, without an alarm', async () => {
    const page = useStudyPage();
    await page.open(99);
    expect(page.missing).toBe(true);
    expect(page.detail).toBeNull();
    expect(useNotices().all).toStrictEqual([]);
  });
});
