import type { StudyPreview } from '#shared/models/lab.ts';
import type { Run } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Settings } from '#shared/models/settings.ts';
import type { Study } from '#shared/models/study.ts';
import { dueCount } from '#shared/science/probe-schedule.ts';
import { costWarnings } from '#shared/study/cost-warnings.ts';
import type { Speed } from './machine-speed.ts';

/** Where a study would be trained. */
export interface Place {
  readonly workers: number;
  /** Of the whole machine, in bytes. */
  readonly memory: number;
  /** Asked only where no run tells. */
  readonly speed: () => Speed;
}

/** A sweep may make thousands; a list of them helps nobody. */
const mostResolved = 40;

/** What finished runs of some settings took. */
export type TimedRun = Pick<Run, 'settings' | 'seconds'>;

/** What a study would cost in runs, rows, time, disk and memory. */
export function previewStudy(study: Study, trained: readonly TimedRun[], place: Place): StudyPreview {
  const seeds = study.seeds.length;
  const each = study.conditions.map(({ settings }) => settings);
  const runs = each.length * seeds;
  const atOnce = Math.min(place.workers, runs);
  const preview = {
    name: study.name,
    conditions: study.conditions.length,
    seeds,
    runs,
    rows: sum(each.map(rowsOf)) * seeds,
    ...timeOf(each, trained, place.speed, seeds / atOnce),
    bytes: sum(each.map(runBytes)) * seeds,
    memory: { bytes: Math.max(...each.map(memoryBytes)) * atOnce, available: place.memory },
    resolved: study.conditions.slice(0, mostResolved),
  };
  return { ...preview, costs: costWarnings(preview) };
}

/** Measured where it can be: from finished runs of like cost, else from the speed of the engine, else unknown. */
function timeOf(
  each: readonly Settings[],
  trained: readonly TimedRun[],
  speed: Place['speed'],
  share: number,
): Pick<StudyPreview, 'seconds' | 'secondsFrom'> {
  const fromRuns = each.map((settings) => runSeconds(settings, trained)).filter((found) => found !== null);
  if (fromRuns.length === each.length) return { seconds: sum(fromRuns) * share, secondsFrom: 'runs' };
  const measured = speed();
  if (measured === null || measured === 'measuring') return { seconds: null, secondsFrom: measured };
  // A multiply-add is two of the operations that the speed counts.
  const perSecond = (measured.gigaflops * 1e9) / 2;
  return { seconds: sum(each.map((settings) => cost(settings) / perSecond)) * share, secondsFrom: 'speed' };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Weights with the optimizer's moments, features of all pairs, the spectrum's window and the Grams; and a process that holds nothing yet. */
function memoryBytes({ task, split, network, optimizer, probes }: Settings): number {
  const { modulus } = task;
  const { width } = network;
  const weights = 3 * modulus * width;
  const copies = optimizer.kind === 'sgd' ? 3 : 4;
  const features = 3 * split.train * width + modulus ** 2 * (width + modulus);
  const spectrum = probes.spectrum ? probes.spectrum.window * weights : 0;
  const grams = (probes.gram ? width ** 2 : 0) + (probes.repulsion ? 6 * width ** 2 : 0);
  return emptyTrainer + 4 * (copies * weights + features + spectrum + grams);
}

/** Node with an engine loaded and nothing to train: a round figure, not a measurement. */
const emptyTrainer = 250e6;

function rowsOf(settings: Settings): number {
  return settings.epochs + 1;
}

/** Multiply-adds of a run, to compare runs with. */
function cost({ task, split, network, epochs, probes }: Settings): number {
  const training = network.width * task.modulus * (task.modulus ** 2 + 2 * split.train);
  const gram = probes.gram ? (dueCount(probes.gram, epochs) * split.train * network.width ** 2) / 2 : 0;
  const repulsion =
    (probes.repulsion?.epochs.length ?? 0) * network.width ** 2 * (split.train + 4 * network.width);
  return (epochs + 1) * training + gram + repulsion;
}

/** From the finished run nearest in cost, scaled; null when none is within a factor of ten: rates do not carry that far. */
function runSeconds(settings: Settings, trained: readonly TimedRun[]): number | null {
  const own = cost(settings);
  const distance = (run: TimedRun): number => Math.abs(Math.log(cost(run.settings) / own));
  const nearest = trained.toSorted((left, right) => distance(left) - distance(right))[0];
  if (!nearest || distance(nearest) > Math.log(10)) return null;
  return (nearest.seconds * own) / cost(nearest.settings);
}

function runBytes(settings: Settings): number {
  const series = seriesNames(settings.probes).length;
  const { repulsion } = settings.probes;
  // A pair keeps two int32 and a cosine, and B at each ridge; a ridge keeps a histogram of 201 bins.
  const probe = repulsion
    ? (repulsion.pairs + repulsion.randomPairs) * (16 + 8 * repulsion.ridges.length) +
      1608 * repulsion.ridges.length
    : 0;
  return rowsOf(settings) * series * 8 + probe * (repulsion?.epochs.length ?? 0);
}
