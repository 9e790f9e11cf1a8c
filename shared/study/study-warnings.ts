import { scheduleOf, seriesNames } from '../models/series.ts';
import type { Condition, Study } from '../models/study.ts';
import { meetsLag } from '../science/probe-schedule.ts';
import type { Detector } from '../science/detector.ts';
import { isNamedRidge } from '../science/repulsion-result.ts';
import { isDecayDecoupled } from '../science/optimizer-settings.ts';
import { fieldOf, nodeAt, type SourceNode } from './source-node.ts';
import { problemAt, tidyProblems, type Located, type StudyProblem } from './study-problem.ts';

/**
 * What in a study would mislead, though it can be trained: each says what would be read wrongly and what to do. None of them keeps a
 * study from being started.
 */
export function studyWarnings(study: Study, root: SourceNode): StudyProblem[] {
  const at = (...paths: readonly (readonly string[])[]): SourceNode =>
    paths.map((path) => nodeAt(root, path)).find((node) => node !== undefined) ?? root;
  /** Of a value that the file may leave out: then it is named all the same, at the nearest place there is. */
  const named = (path: readonly string[], ...near: readonly (readonly string[])[]): Located =>
    nodeAt(root, path) ?? { place: at(...near).place, field: path.reduce(fieldOf, '') };
  /** Where a condition has a setting from. */
  const setting = (condition: string, ...path: readonly string[]): Located =>
    nodeAt(root, ['conditions', condition, ...path]) ??
    nodeAt(root, ['conditions', condition, 'sweep', path.join('.')]) ??
    nodeAt(root, ['sweep', path.join('.')]) ??
    named(path, ['conditions', condition], ['epochs']);
  return tidyProblems([
    ...moduli(study, at(['task', 'modulus'], ['sweep', 'task.modulus'], ['conditions'])),
    ...windows(study, (name) => setting(name, 'probes', 'spectrum', 'window')),
    ...Object.entries(study.detectors).flatMap(([name, detector]) =>
      detectorWarnings(study, name, detector, (key) =>
        named(['detectors', name, key], ['detectors', name], ['detectors']),
      ),
    ),
    ...decoupled(study, (name) => setting(name, 'optimizer', 'kind')),
    ...controls(study, (name) => at(['conditions', name], ['conditions'], ['sweep'])),
    ...seeds(study, named(['seeds'])),
    ...late(study, nodeAt(root, ['late', 'range']) ?? named(['late'], ['epochs'])),
  ]);
}

function moduli({ conditions }: Study, at: SourceNode): StudyProblem[] {
  const composite = [...new Set(conditions.map(({ settings }) => settings.task.modulus))].flatMap(
    (modulus) => {
      const factor = smallestFactor(modulus);
      return factor === modulus ? [] : [{ modulus, factor }];
    },
  );
  return composite.map(({ modulus, factor }) =>
    problemAt(
      at,
      `${modulus} is not prime (${factor} divides it), and the published studies use primes: frequencies that share a factor with it see only a part of Z_${modulus}, so compare with care`,
    ),
  );
}

function smallestFactor(modulus: number): number {
  for (let factor = 2; factor * factor <= modulus; factor++) if (modulus % factor === 0) return factor;
  return modulus;
}

function windows({ conditions }: Study, at: (name: string) => Located): StudyProblem[] {
  return conditions.flatMap(({ name, settings: { epochs, probes } }) =>
    probes.spectrum && probes.spectrum.window > epochs
      ? [
          problemAt(
            at(name),
            `is ${probes.spectrum.window} updates, and "${name}" makes only ${epochs}: its window is never full, and a spectrum over fewer updates is not comparable with the published ones; ${epochs < 3 ? 'train for longer, or switch the spectrum off' : `take a window of at most ${epochs}`}`,
          ),
        ]
      : [],
  );
}

function detectorWarnings(
  { conditions }: Study,
  name: string,
  detector: Detector,
  at: (key: string) => Located,
): StudyProblem[] {
  const warnings: StudyProblem[] = [];
  const never = (of: readonly Condition[]): string =>
    of.length === conditions.length ? 'it can never fire' : `it cannot fire in ${list(of)}`;
  const past = conditions.filter(({ settings }) => detector.from > settings.epochs);
  if (past.length > 0) {
    const last = Math.max(...past.map(({ settings }) => settings.epochs));
    warnings.push(
      problemAt(
        at('from'),
        `of "${name}" is ${detector.from}, past the last epoch (${last}): ${never(past)}`,
      ),
    );
  }
  const unmeasured = conditions.filter(
    ({ settings }) => !seriesNames(settings.probes).includes(detector.series),
  );
  if (unmeasured.length > 0)
    warnings.push(
      problemAt(
        at('series'),
        `of "${name}" is not measured in ${list(unmeasured)}, whose probe is off: there it cannot fire, which is no finding`,
      ),
    );
  if (detector.kind === 'level') {
    if (detector.series.endsWith('.accuracy') && detector.threshold > 1)
      warnings.push(
        problemAt(
          at('threshold'),
          `of "${name}" is ${detector.threshold}, and an accuracy is at most 1: it can never fire`,
        ),
      );
    return warnings;
  }
  const tooLong = conditions.filter(({ settings }) => detector.lag > settings.epochs);
  if (tooLong.length > 0)
    warnings.push(
      problemAt(
        at('lag'),
        `of "${name}" is ${detector.lag} epochs, longer than the training: ${never(tooLong)}`,
      ),
    );
  const gaps = conditions.filter(({ settings }) => {
    const schedule = scheduleOf(settings.probes, detector.series);
    return schedule !== null && !meetsLag(schedule, detector.lag, detector.from, settings.epochs);
  });
  if (gaps.length > 0)
    warnings.push(
      problemAt(
        at('lag'),
        `of "${name}" is ${detector.lag}, and ${detector.series} is not measured at two epochs so far apart${detector.from > 0 ? ` from epoch ${detector.from} on` : ''} in ${list(gaps)}: ${never(gaps)}; take a lag that is a multiple of the probe's every`,
      ),
    );
  return warnings;
}

/** The ridges that have names are those of a decay that is a term of the loss. */
function decoupled({ conditions }: Study, at: (name: string) => Located): StudyProblem[] {
  const found = conditions.filter(
    ({ settings: { optimizer, probes } }) =>
      isDecayDecoupled(optimizer) && probes.repulsion?.ridges.some(isNamedRidge),
  );
  // Those that have it from one place are warned of once.
  const places = Map.groupBy(found, ({ name }) => JSON.stringify(at(name).place));
  return [...places.values()].map((some) =>
    problemAt(
      at(some[0].name),
      `is adamw in ${list(some)}: its weight decay is no part of the loss, so neither eta nor n eta/2 is a ridge that it puts on V, and the repulsion there is measured at a ridge that stands for nothing in training; take adam for the published comparison, or ridges of your own`,
    ),
  );
}

/** A control says something of a ridge only where a condition with weight decay is probed at the same one. */
function controls({ conditions }: Study, at: (name: string) => SourceNode): StudyProblem[] {
  const decayed = conditions.filter(
    ({ settings }) => settings.optimizer.weightDecay > 0 && settings.probes.repulsion,
  );
  const ridges = new Set(
    decayed.flatMap(({ settings }) => settings.probes.repulsion?.ridges.map(({ value }) => value) ?? []),
  );
  return conditions.flatMap(({ name, settings }) => {
    const { repulsion } = settings.probes;
    if (settings.optimizer.weightDecay > 0) return [];
    if (!repulsion)
      return decayed.length === 0
        ? []
        : [
            problemAt(
              at(name),
              `"${name}" is a control without a repulsion probe: the repulsion of ${list(decayed)} has nothing to be compared with, and random pairs alone do not replace it`,
            ),
          ];
    if (repulsion.ridges.some(({ value }) => ridges.has(value))) return [];
    return [
      problemAt(
        at(name),
        `"${name}" is a control at the ridge ${repulsion.ridges.map(({ value }) => value).join(', ')}, at which no condition with weight decay is probed: its B is comparable with none; add that ridge there, or take a named one here`,
      ),
    ];
  });
}

function seeds({ conditions, seeds: { length } }: Study, at: Located): StudyProblem[] {
  if (length > 1 || conditions.length < 2) return [];
  return [
    problemAt(
      at,
      'is one seed: a difference between conditions cannot be told from chance; take several, such as 0..4',
    ),
  ];
}

/** A spectrum is whole once its window is full. */
function late({ conditions, late: { series, range } }: Study, at: Located): StudyProblem[] {
  if (!series.startsWith('spectrum.')) return [];
  const window = Math.max(...conditions.map(({ settings }) => settings.probes.spectrum?.window ?? 0));
  const shortest = Math.min(...conditions.map(({ settings }) => settings.epochs));
  // Of a window that is never full another warning speaks.
  if (range[0] >= window || window > shortest) return [];
  return [
    problemAt(
      at,
      `begins at ${range[0]}, before the spectrum's window of ${window} updates is full: the late value mixes two kinds of spectra; begin at ${window} or later`,
    ),
  ];
}

const mostNamed = 3;

function list(conditions: readonly Condition[]): string {
  const names = conditions.slice(0, mostNamed).map(({ name }) => `"${name}"`);
  const more = conditions.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
