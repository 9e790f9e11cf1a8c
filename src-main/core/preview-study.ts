import type { StudyPreview } from '#shared/models/lab.ts';
import type { Run } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Settings } from '#shared/models/settings.ts';
import type { Study } from '#shared/models/study.ts';
import { dueCount } from '#shared/science/probe-schedule.ts';

/** What a study would cost in runs, rows, time and disk. Time is measured: from finished runs of like cost, or unknown. */
export function previewStudy(study: Study, trained: readonly Run[], workers: number): StudyPreview {
  const seeds = study.seeds.length;
  const each = study.conditions.map(({ settings }) => settings);
  const seconds = each.map((settings) => runSeconds(settings, trained));
  const known = seconds.filter((estimate) => estimate !== null);
  const total = known.reduce((sum, estimate) => sum + estimate, 0) * seeds;
  return {
    name: study.name,
    conditions: study.conditions.length,
    seeds,
    runs: study.conditions.length * seeds,
    rows: each.reduce((sum, settings) => sum + rowsOf(settings), 0) * seeds,
    seconds: known.length === each.length ? total / Math.min(workers, each.length * seeds) : null,
    bytes: each.reduce((sum, settings) => sum + runBytes(settings), 0) * seeds,
  };
}

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
function runSeconds(settings: Settings, trained: readonly Run[]): number | null {
  const own = cost(settings);
  const distance = (run: Run): number => Math.abs(Math.log(cost(run.settings) / own));
  const timed = trained.filter((run) => run.state === 'finished' && run.seconds > 0);
  const nearest = timed.toSorted((left, right) => distance(left) - distance(right))[0];
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
