import { openLabStore } from '#main/store/lab-store.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { provenance } from '../src-main/store/store-values.ts';

export interface Curves {
  readonly conditions: number;
  readonly seeds: number;
  readonly epochs: number;
  /** Test accuracy of a run: its condition's place, its seed's place, its epoch. */
  readonly value: (condition: number, seed: number, epoch: number) => number;
}

/** A lab with one study, "Bands", of whose finished runs one metric is stored: quickly, however many there are. Its detectors read that one. */
export function writeCurves(lab: string, { conditions, seeds, epochs, value }: Curves): void {
  const entries = Array.from(
    { length: conditions },
    (_, place) => `  c${place}: { optimizer: { weightDecay: ${place / 1e5} } }`,
  );
  const parsed = parseStudy(
    `study: Bands
task: { kind: modular-addition, modulus: 31 }
split: { train: 576 }
network: { width: 256 }
optimizer: { learningRate: 0.002 }
epochs: ${epochs}
seeds: 0..${seeds - 1}
conditions:
${entries.join('\n')}
detectors:
  half: { kind: level, series: test.accuracy, threshold: 0.5 }
  grokked: { kind: level, series: test.accuracy, threshold: 0.99 }
late: [0, ${epochs}]
`,
    'bands.yaml',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const places = new Map(parsed.study.conditions.map(({ name }, place) => [name, place]));
  const store = openLabStore(lab);
  store.transaction(() => {
    const made = store.runs.ensure(store.studies.save(parsed.study, 'bands.yaml').id, parsed.study);
    for (const { id, condition, seed } of made) {
      const place = places.get(condition) ?? 0;
      const values = Float64Array.from({ length: epochs + 1 }, (_, epoch) => value(place, seed, epoch));
      store.runs.start(id, provenance);
      store.series.append(id, 0, ['test.accuracy'], [values]);
      store.runs.finish(id, 60);
    }
  });
  store.close();
}
