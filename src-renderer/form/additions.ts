import { choicesAt } from '#shared/study/format-guide.ts';
import type { StudyForm } from './study-form.ts';

/** A name to begin with that nothing has yet. */
export function freeName(stem: string, taken: readonly string[]): string {
  let count = 1;
  while (taken.includes(`${stem} ${count}`)) count++;
  return `${stem} ${count}`;
}

/** Detectors and intervals stand in the same tables, so they share their names. */
export function statisticNames(form: StudyForm): readonly string[] {
  return [...form.keys(['detectors']), ...form.keys(['intervals'])];
}

export function addDetector(form: StudyForm): void {
  form.write(['detectors', freeName('detector', statisticNames(form))], {
    kind: 'level',
    series: 'test.accuracy',
    threshold: '0.5',
  });
}

/** From the first detector to the last, those that are there without being written too; of one detector there is none to write. */
export function addInterval(form: StudyForm): void {
  const name = freeName('interval', statisticNames(form));
  const detectors = choicesAt(['intervals', name, 'from'], form.node([]));
  const [from = ''] = detectors;
  // From a detector to itself is no interval: the form then asks for the other.
  const to = detectors.length > 1 ? detectors[detectors.length - 1] : '';
  form.write(['intervals', name], { from, to });
}
