import { expect, test } from 'vitest';
import { createCore } from '#main/core/create-core.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import type { LabEvent } from '#shared/models/lab.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { openTestLab, refusal } from '../store/lab-fixtures.ts';
import { provenance } from '../store/store-values.ts';

const text = `study: Levels # mine
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
epochs: 4
seeds: 0
detectors:
  half: { kind: level, series: test.accuracy, threshold: 0.5 } # of all
late: [3, 4]
`;

/** A lab with one finished run whose accuracies are 0.2, 0.4 ... 1, and a host over it. */
function openLab(path?: string) {
  const store = openTestLab(path);
  const core = createCore({ store, trainers: nodeTrainers, workers: 1 });
  const events: LabEvent[] = [];
  core.subscribe((event) => void events.push(event));
  return { store, core, events };
}

function filled() {
  const opened = openLab();
  const { id } = opened.core.createStudy(text, 'levels.yaml');
  const [run] = opened.store.runs.list();
  opened.store.runs.start(run.id, provenance);
  const accuracy = Float64Array.of(0.2, 0.4, 0.6, 0.8, 1);
  const names = ['train.accuracy', 'train.loss', 'test.accuracy'];
  opened.store.series.append(run.id, 0, names, [accuracy, accuracy, accuracy]);
  opened.store.runs.finish(run.id, 1);
  return { ...opened, id, runId: run.id };
}

const level = (threshold: number) => ({ kind: 'level', series: 'test.accuracy', threshold }) as const;

test('other detectors score stored rows anew in report, run, table and kept scores, and every window hears of it', async () => {
  const { core, store, events, id, runId } = filled();
  const inTable = (): unknown => core.runTable({ columns: ['half'] }).columns[0];
  // By hand: accuracies are 0.2 (epoch + 1).
  expect(inTable()).toMatchObject({ values: Float64Array.of(2) });
  const kept = store.scores.get(runId)?.basis;
  events.splice(0);
  core.setDetectors(id, {
    detectors: { half: level(0.7) },
    late: { series: 'test.accuracy', range: [0, 2] },
  });
  expect(events).toContainEqual({ type: 'studies', studyId: id });
  expect(core.measureRun(runId)).toMatchObject({ detectors: { half: 3 }, late: 0.4 });
  expect(core.report(id).conditions[0].detectors).toMatchObject({ half: { measured: { median: 3 } } });
  expect(inTable()).toMatchObject({ values: Float64Array.of(3) });
  expect(store.scores.get(runId)?.basis).not.toBe(kept);
  await core.close();
});

test('the study’s text follows word by word and outlives the host; the run keeps rows and state', async () => {
  const { core, store, id, runId } = filled();
  const before = core.getRun(runId);
  core.setDetectors(id, { detectors: { half: level(0.7), more: level(0.9) } });
  await core.close();
  const again = openLab(store.path);
  const { study } = again.core.getStudy(id);
  expect(study.source).toBe(
    text.replace(
      '0.5 } # of all',
      '0.7 } # of all\n  more: { kind: level, series: test.accuracy, threshold: 0.9 }',
    ),
  );
  const parsed = parseStudy(study.source, 'levels.yaml');
  expect(parsed.ok && parsed.study.detectors).toStrictEqual(study.detectors);
  expect(again.core.getRun(runId)).toStrictEqual(before);
  // What is saved again from that text is the same study, with nothing to train.
  again.core.createStudy(study.source, 'levels.yaml');
  expect(again.core.getStudy(id).study).toStrictEqual(study);
  await again.core.close();
});

test('where the text cannot follow, that is told; the study is measured as asked', async () => {
  const { core, events } = openLab();
  const { id } = core.createStudy(text.replace('seeds: 0\n', ''), 'x.yaml', ['seeds=0']);
  core.setDetectors(id, { detectors: { half: level(0.7) } });
  expect(core.getStudy(id).study.detectors).toMatchObject({ half: { threshold: 0.7 } });
  expect(events).toContainEqual({
    type: 'notice',
    level: 'warning',
    message: expect.stringMatching(/^Levels is measured with its new detectors, but the text/),
  });
  await core.close();
});

test('what changes nothing tells nothing, and a reader of a lab changes nothing', async () => {
  const { core, store, events, id } = filled();
  events.splice(0);
  core.setDetectors(id, { detectors: { half: level(0.5) } });
  expect(events).toStrictEqual([]);
  expect(refusal(() => core.setDetectors(99, { detectors: {} })).code).toBe('not-found');
  await core.close();
  const reader = createCore({
    store: openTestLab(store.path, { readOnly: true }),
    trainers: nodeTrainers,
    workers: 1,
  });
  expect(refusal(() => reader.setDetectors(id, { detectors: {} })).code).toBe('lab-read-only');
  await reader.close();
});
