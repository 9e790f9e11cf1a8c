import { openLabStore } from '#main/store/lab-store.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { provenance } from '../src-main/store/store-values.ts';

const names = ['train.accuracy', 'train.loss', 'test.accuracy', 'test.loss', 'gram.rho'];

/** What a generated history is made of. */
export interface HistorySize {
  readonly studies: number;
  readonly seeds: number;
  readonly epochs: number;
}

/**
 * A lab with a history: studies of two conditions, of which `grokking` reaches 0.99 at an epoch that rises with the seed and `control` never does.
 * Every tenth study has a failed run. @returns how many runs it has
 */
export function writeHistory(lab: string, size: HistorySize): number {
  const store = openLabStore(lab);
  let runs = 0;
  for (let index = 1; index <= size.studies; index++)
    runs += store.transaction(() => addStudy(store, index, size));
  store.close();
  return runs;
}

function addStudy(store: LabStore, index: number, { seeds, epochs }: HistorySize): number {
  const parsed = parseStudy(
    `study: Study ${index}
task: { kind: modular-addition, modulus: 31 }
split: { train: 576 }
network: { width: ${index % 2 === 0 ? 256 : 512} }
optimizer: { learningRate: 0.002, weightDecay: 0.0005 }
epochs: ${epochs}
seeds: 0..${seeds - 1}
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
probes:
  gram: { every: 1 }
detectors:
  grokked: { kind: level, series: test.accuracy, threshold: 0.99 }
late: { series: gram.rho, range: [${Math.floor(epochs / 2)}, ${epochs}] }
`,
    `study-${index}.yaml`,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const runs = store.runs.ensure(store.studies.save(parsed.study, `study-${index}.yaml`).id, parsed.study);
  for (const { id, condition, seed } of runs) {
    store.runs.start(id, provenance);
    const fire = Math.floor(((seed + 1) / (seeds + 1)) * epochs);
    const test = Float64Array.from({ length: epochs + 1 }, (_, epoch) =>
      condition === 'grokking' && epoch >= fire ? 1 : (0.5 * epoch) / epochs,
    );
    const loss = test.map((value) => 1.01 - value);
    store.series.append(id, 0, names, [test, loss, test, loss, test.map((value) => value / 10)]);
    if (index % 10 === 0 && condition === 'control' && seed === 0)
      store.runs.fail(id, 'Its loss became no number at epoch 3.', 2);
    else store.runs.finish(id, 10 + (id % 7));
  }
  return runs.length;
}
