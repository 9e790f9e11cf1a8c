import type { Study } from '../models/study.ts';
import type { ReportRun } from '../report/report.ts';
import { scheduleText } from '../science/probe-schedule.ts';
import { bandOf } from './band.ts';
import type { Band } from './band.ts';
import { markerOfScores } from './epoch-marker.ts';
import type { FigureKind, KindLine, Measured, Rounding } from './figure-kinds.ts';
import type { Curve, EpochMarker, Figure, Level, Limit, RunLine } from './figure.ts';
import { isSparse, seriesNames } from '../models/series.ts';
import type { ProbeSettings } from '../models/settings.ts';

/** A run as figures need it: where it belongs, and its series as far as they are known. */
export interface FigureRun {
  readonly id: number;
  readonly condition: string;
  readonly seed: number;
  /** Index = epoch; null when the run has no such series (yet). */
  series(name: string): Float64Array | null;
}

type FigureStudy = Pick<Study, 'conditions' | 'detectors'>;

/** What is drawn of a condition's runs. */
export interface Statistics {
  readonly band: Band;
  /** How many runs the statistics are of, while some of these have not come; null when all have. */
  readonly awaited: number | null;
}

/**
 * Statistics of a condition's runs, null where there are none; asked for by name, so that whoever draws the same figure again can keep them.
 */
export type StatisticsOf = (condition: string, series: string, runs: readonly RunLine[]) => Statistics | null;

function statisticsOf(runs: readonly RunLine[]): Statistics | null {
  return runs.length === 0 ? null : { band: bandOf(runs.map(({ values }) => values)), awaited: null };
}

/** What a study measures in any of its conditions. */
export function measuredIn({ conditions }: Pick<Study, 'conditions'>): Measured {
  const probes = conditions.map(({ settings }) => settings.probes);
  return {
    series: new Set(probes.flatMap(seriesNames)),
    ridges: [...new Set(probes.flatMap(({ repulsion }) => repulsion?.ridges.map(({ name }) => name) ?? []))],
    schedules: { ...scheduleOf('gram', probes), ...scheduleOf('gradient', probes) },
  };
}

/** Of every condition; where one measures at every epoch and another does not, both are said. */
function scheduleOf(name: 'gram' | 'gradient', probes: readonly ProbeSettings[]): Measured['schedules'] & {} {
  const texts = new Set(
    probes.flatMap((probe) => (probe[name] ? [scheduleText(probe[name]) ?? 'every epoch'] : [])),
  );
  const text = [...texts].join(' or ');
  return text === '' || text === 'every epoch' ? {} : { [name]: text };
}

/**
 * A study's figure: per condition median and quartiles over its runs, the runs themselves, and the detectors that read the same series.
 * @param measured what the detectors say of each run, by run; runs that are missing in it were not scored yet
 */
export function studyFigure(
  kind: FigureKind,
  study: FigureStudy,
  runs: readonly FigureRun[],
  measured: ReadonlyMap<number, ReportRun>,
  statistics: StatisticsOf = (_, __, lines) => statisticsOf(lines),
): Figure {
  const byCondition = study.conditions.map(({ name }, place) => ({
    name,
    place,
    own: runs.filter(({ condition }) => condition === name),
  }));
  const curves = byCondition.flatMap(({ name, place, own }) =>
    kind.lines.flatMap((line, index) => curveOf(kind, study, name, place, own, line, index, statistics)),
  );
  // The whole of it from the start: an axis that grows with the rows would redraw every line at every row.
  const epochs = Math.max(...study.conditions.map(({ settings }) => settings.epochs));
  const [{ series: read }] = kind.lines;
  return {
    id: kind.id,
    title: kind.title,
    caption: kind.caption,
    x: { title: 'epoch', scale: 'linear', range: [0, epochs] },
    y: { title: kind.axis, scale: kind.scale, range: kind.range },
    ...(kind.right
      ? { right: { title: kind.right.axis, scale: 'linear' as const, range: kind.right.range } }
      : {}),
    curves,
    markers: markersOf(read, study, runs, measured),
    marked: Object.values(study.detectors).some(({ series }) => series === read),
    limits: byCondition.flatMap(({ name, place, own }) =>
      kind.rounding ? limitOf(kind.rounding, name, place, own) : [],
    ),
    levels: kind.measuredBy === 'repulsion' ? initialLevels(curves) : [],
  };
}

function curveOf(
  kind: FigureKind,
  study: FigureStudy,
  condition: string,
  place: number,
  own: readonly FigureRun[],
  { series, label, role, onRight }: KindLine,
  index: number,
  statistics: StatisticsOf,
): Curve[] {
  const runs: RunLine[] = own.flatMap((run) => {
    const values = run.series(series);
    return values && values.length > 0 ? [{ runId: run.id, seed: run.seed, values }] : [];
  });
  const found = statistics(condition, series, runs);
  if (found === null) return [];
  const { band, awaited } = found;
  const isRatio = kind.rounding?.of === 'ratio' && index === 0;
  const probes = study.conditions.find(({ name }) => name === condition)?.settings.probes;
  return [
    {
      condition,
      place,
      series,
      companion: role === 'companion',
      // Some of a condition's runs behind the statistics of all would look like all.
      ...(awaited === null ? { runs } : { runs: [], n: awaited }),
      band,
      rounding:
        isRatio && kind.rounding ? roundingEpochs(kind.rounding.layer, own, band.median.length) : null,
      label,
      sparse:
        onRight || kind.measuredBy === 'repulsion' || (probes !== undefined && isSparse(probes, series)),
      onRight,
      ...(role === 'rank' ? { rank: index } : {}),
    },
  ];
}

/** Below this share of sigma_1, an eigenvalue is rounding in float32 weights. See docs/science.md. */
const floor = 1e-7;

/** Epochs at which sigma_3 is below the floor in at least half of the runs, so that the median ratio is not signal. */
function roundingEpochs(layer: string, runs: readonly FigureRun[], epochs: number): boolean[] {
  const pairs = runs.flatMap((run) => {
    const sigma1 = run.series(`spectrum.${layer}.sigma1`);
    const sigma3 = run.series(`spectrum.${layer}.sigma3`);
    return sigma1 && sigma3 ? [{ sigma1, sigma3 }] : [];
  });
  return Array.from({ length: epochs }, (_, epoch) => {
    let known = 0;
    let below = 0;
    for (const { sigma1, sigma3 } of pairs) {
      const [first, third] = [sigma1[epoch], sigma3[epoch]];
      if (first === undefined || third === undefined || Number.isNaN(first) || Number.isNaN(third)) continue;
      known++;
      if (third < floor * first) below++;
    }
    return known > 0 && 2 * below >= known;
  });
}

/**
 * The floor as the figure's own quantity, median over runs: of eigenvalues 1e-7 sigma_1, and of the ratio what it would be with sigma_3
 * at the floor, sigma_2 / (1e-7 sigma_1): a ratio above it divides by rounding.
 */
function limitOf(
  { layer, of }: Rounding,
  condition: string,
  place: number,
  runs: readonly FigureRun[],
): Limit[] {
  const lines = runs.flatMap((run) => {
    const sigma1 = run.series(`spectrum.${layer}.sigma1`);
    const sigma2 = run.series(`spectrum.${layer}.sigma2`);
    if (!sigma1 || !sigma2) return [];
    const length = Math.min(sigma1.length, sigma2.length);
    return [
      Float64Array.from({ length }, (_, t) =>
        of === 'eigenvalues' ? floor * sigma1[t] : sigma2[t] / (floor * sigma1[t]),
      ),
    ];
  });
  if (lines.length === 0) return [];
  const { median: values } = bandOf(lines);
  return [{ label: 'rounding', condition, place, side: of === 'ratio' ? 'above' : 'below', values }];
}

/** What similar pairs did before training. Seeds start alike in every condition: where the values agree, one line says so. */
function initialLevels(curves: readonly Curve[]): Level[] {
  const levels: Level[] = [];
  for (const { condition, place, companion, band } of curves) {
    const value = band.median[0];
    if (companion || value === undefined || Number.isNaN(value)) continue;
    if (levels.some((known) => Math.abs(known.value - value) < 1e-9)) continue;
    levels.push({ label: 'epoch 0', condition, place, value });
  }
  return levels;
}

function markersOf(
  series: string,
  study: FigureStudy,
  runs: readonly FigureRun[],
  measured: ReadonlyMap<number, ReportRun>,
): EpochMarker[] {
  const detectors = Object.entries(study.detectors).filter(([, detector]) => detector.series === series);
  return study.conditions.flatMap(({ name: condition }, place) =>
    detectors.flatMap(([detector]) => {
      const own = runs.filter((run) => run.condition === condition);
      const scores = own.flatMap(({ id }) => measured.get(id) ?? []);
      return markerOfScores({ detector, condition, place }, scores);
    }),
  );
}
