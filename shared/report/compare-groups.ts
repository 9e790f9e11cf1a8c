import type { RepulsionProbe, Settings } from '../models/settings.ts';
import { type ComparisonRow, differingRows } from './compare-runs.ts';
import {
  absent,
  formatEpoch,
  formatRange,
  formatRatio,
  formatSeeds,
  formatSetting,
  formatShare,
} from './format-number.ts';
import { explainDetector } from './explanations.ts';
import type { Late } from '../models/study.ts';
import type { Detector } from '../science/detector.ts';
import type { ReportRun } from './report.ts';
import { isDecayDecoupled } from '../science/optimizer-settings.ts';
import { median, summarizeFires, summarizeLate } from '../science/statistics.ts';

/** What is compared: a single run, or a condition with all of its runs. */
export interface ComparedGroup {
  /** Unambiguous among the groups. */
  readonly name: string;
  readonly study: string;
  readonly condition: string;
  readonly settings: Settings;
  /** Those of its study, which its runs are scored by. */
  readonly detectors: Readonly<Record<string, Detector>>;
  /** The same; null while its study is not read. */
  readonly late: Late | null;
  readonly runs: readonly ReportRun[];
}

/** The settings in which the groups differ; what all share says nothing about their difference. */
export function differingSettings(groups: readonly ComparedGroup[]): ComparisonRow[] {
  return differingRows(
    groups.map(({ study, condition, settings, runs }) => ({
      study,
      condition,
      seeds: formatSeeds(runs.map(({ seed }) => seed)),
      engine: enginesOf(runs).join(', ') || null,
      ...settings,
      probes: { ...settings.probes, repulsion: withShortRidges(settings.probes.repulsion) },
    })),
  );
}

/** Ridges as they are read, not as they are stored. */
function withShortRidges(repulsion: RepulsionProbe | null): object | null {
  if (!repulsion) return null;
  const ridges = repulsion.ridges.map(({ name, value }) => `${name} ${formatSetting(value)}`);
  return { ...repulsion, epochs: repulsion.epochs.join(', '), ridges: ridges.join(', ') };
}

/** Why numbers of these groups do not mean the same, a sentence each; none when they can be compared. */
export function comparabilityProblems(groups: readonly ComparedGroup[]): string[] {
  const problems: string[] = [];
  const differ = (value: (group: ComparedGroup) => string | number | null): string | null => {
    const values = [...new Set(groups.map(value).filter((one) => one !== null))];
    return values.length > 1 ? values.join(', ') : null;
  };
  const modulus = differ(({ settings }) => settings.task.modulus);
  if (modulus !== null)
    problems.push(
      `Modulus differs (${modulus}): chance is 1/M, so accuracies and losses start at different values.`,
    );
  // Of different moduli the counts differ in any case; what can be compared is the share.
  const split = differ(({ settings: { split, task } }) => (split.train / task.modulus ** 2).toFixed(3));
  if (split !== null)
    problems.push(`The share of pairs that train differs (${split}): the same seed is another split.`);
  const optimizer = differ(({ settings }) => settings.optimizer.kind);
  if (optimizer !== null)
    problems.push(
      `Optimizers differ (${optimizer}): their updates, of which the spectrum is made, are of other sizes and smoothness.`,
    );
  const decay = differ(({ settings: { optimizer: own } }) =>
    own.weightDecay > 0 ? (isDecayDecoupled(own) ? 'decoupled' : 'coupled') : null,
  );
  if (decay !== null)
    problems.push(
      `Weight decay is part of the loss in some and not in others (${decay}): the same eta is another decay, and the ridge n eta/2 is the loss's own only where it is coupled.`,
    );
  const width = differ(({ settings }) => settings.network.width);
  if (width !== null) problems.push(`Width differs (${width}): the same seed draws other weights.`);
  const epochs = differ(({ settings }) => settings.epochs);
  if (epochs !== null)
    problems.push(
      `Epochs differ (${epochs}): a detector had more chances to fire in the longer runs, and final values are of different epochs.`,
    );
  const engine = differ(({ runs }) => enginesOf(runs).join(' and ') || null);
  if (engine !== null)
    problems.push(
      `Engines differ (${engine}): they round differently, and late in a control what is measured is rounding.`,
    );
  const window = differ(({ settings }) => settings.probes.spectrum?.window ?? null);
  if (window !== null)
    problems.push(
      `The spectrum's window differs (${window}): of a smooth path sigma2/sigma3 scales as window^-2, whatever was learned.`,
    );
  problems.push(...scoringProblems(groups));
  return problems;
}

/** What has one name and reads the runs of the groups in different ways. */
function scoringProblems(groups: readonly ComparedGroup[]): string[] {
  const names = new Set(groups.flatMap(({ detectors }) => Object.keys(detectors)));
  const detectors = [...names].flatMap((name) => {
    const ways = groups.flatMap(({ detectors: own }) =>
      Object.hasOwn(own, name) ? [explainDetector(own[name])] : [],
    );
    const different = [...new Set(ways)];
    return different.length < 2
      ? []
      : [`The detector ${name} is not one (${different.join('; ')}): its epochs are of different events.`];
  });
  const late = new Set(
    groups.flatMap(({ late: own }) => (own ? [`${own.series}, ${formatRange(...own.range, String)}`] : [])),
  );
  return late.size < 2
    ? detectors
    : [...detectors, `Late values are of different stretches (${[...late].join('; ')}).`];
}

function enginesOf(runs: readonly ReportRun[]): string[] {
  return [...new Set(runs.flatMap(({ engine }) => engine ?? []))].toSorted();
}

export interface MeasuredRow {
  readonly name: string;
  /** One text a group, ready to be read. */
  readonly values: readonly string[];
}

/** What was measured of each group: of a run its values, of a condition medians with quartiles over its finished runs. */
export function measuredRows(groups: readonly ComparedGroup[]): MeasuredRow[] {
  const finished = groups.map(({ runs }) => runs.filter(({ state }) => state === 'finished'));
  const row = (name: string, text: (runs: readonly ReportRun[]) => string): MeasuredRow => ({
    name,
    values: finished.map(text),
  });
  const names = [
    ...new Set(groups.flatMap(({ runs }) => runs.flatMap(({ detectors }) => Object.keys(detectors)))),
  ];
  return [
    {
      name: 'finished runs',
      values: groups.map(({ runs }, place) => `${finished[place].length} of ${runs.length}`),
    },
    ...names.map((name) =>
      row(name, (runs) =>
        firesText(runs.flatMap(({ detectors }) => (Object.hasOwn(detectors, name) ? [detectors[name]] : []))),
      ),
    ),
    row('late value', (runs) =>
      spreadText(
        runs.map(({ late }) => late),
        formatRatio,
      ),
    ),
    row('final test accuracy', (runs) =>
      spreadText(
        runs.map(({ final }) => final.testAccuracy),
        formatShare,
      ),
    ),
    row('final train accuracy', (runs) =>
      spreadText(
        runs.map(({ final }) => final.trainAccuracy),
        formatShare,
      ),
    ),
    row('seconds a run', (runs) => {
      // An imported run was not trained here.
      const trained = runs.map(({ seconds }) => seconds).filter((seconds) => seconds > 0);
      return trained.length === 0 ? absent : formatRatio(median(trained));
    }),
  ];
}

function firesText(epochs: readonly (number | null)[]): string {
  if (epochs.length === 0) return absent;
  const { fired, n, median: middle, q1, q3 } = summarizeFires(epochs);
  if (n === 1) return middle === null ? 'did not fire' : formatEpoch(middle);
  if (middle === null) return `${fired}/${n}`;
  const quartiles = fired === 1 ? '' : ` [${formatRange(q1, q3, formatEpoch)}]`;
  return `${formatEpoch(middle)}${quartiles}, ${fired}/${n}`;
}

function spreadText(values: readonly (number | null)[], format: (value: number | null) => string): string {
  const { median: middle, q1, q3, n } = summarizeLate(values.filter((value) => value !== null));
  if (n === 0) return absent;
  return n === 1 ? format(middle) : `${format(middle)} [${formatRange(q1, q3, format)}]`;
}
