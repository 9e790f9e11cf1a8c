import { scheduleOf } from '#shared/models/series.ts';
import type { Condition, Late, Study } from '#shared/models/study.ts';
import type { Detector } from '#shared/science/detector.ts';
import { type ProbeSchedule, dueCount, meetsLag, scheduleText } from '#shared/science/probe-schedule.ts';

/** What the settings of a study keep its scores from saying, a sentence each: a dash is then no finding, and an epoch is a coarse one. */
export interface ScoringCaveats {
  /** By detector; those that have none are absent. */
  readonly detectors: Readonly<Record<string, readonly string[]>>;
  readonly late: readonly string[];
}

export function scoringCaveats({ conditions, detectors, late }: Study): ScoringCaveats {
  const caveats = Object.entries(detectors).map(
    ([name, detector]) => [name, detectorCaveats(conditions, detector)] as const,
  );
  return {
    detectors: Object.fromEntries(caveats.filter(([, sentences]) => sentences.length > 0)),
    late: lateCaveats(conditions, late),
  };
}

function detectorCaveats(conditions: readonly Condition[], detector: Detector): string[] {
  const { series, from } = detector;
  const lag = detector.kind === 'slope' ? detector.lag : 0;
  const short = conditions.filter(({ settings }) => Math.max(from, lag) > settings.epochs);
  const apart = conditions.filter((condition) => {
    const { settings } = condition;
    if (short.includes(condition)) return false;
    const schedule = scheduleOf(settings.probes, series);
    return schedule !== null && !meetsLag(schedule, lag, from, settings.epochs);
  });
  return [
    ...about(conditions, short, (where) => `Training ends before it looks${where}: it could not fire`),
    ...about(
      conditions,
      apart,
      (where) =>
        `${from > 0 ? `From epoch ${from} on, ` : ''}${series} is not measured at ${lag === 0 ? 'any epoch' : `two epochs ${lag} apart`}${where}: it could not fire`,
    ),
    ...sparse(
      conditions.filter((condition) => !short.includes(condition) && !apart.includes(condition)),
      conditions,
      series,
    ),
  ];
}

/** One sentence a schedule. */
function sparse(some: readonly Condition[], all: readonly Condition[], series: string): string[] {
  const groups = Map.groupBy(some, ({ settings }) => {
    const schedule = scheduleOf(settings.probes, series);
    return schedule && scheduleText(schedule);
  });
  return [...groups].flatMap(([text, group]) =>
    text === null
      ? []
      : about(all, group, (where) => `${series} is measured at ${text}${where}: it can fire at no other`),
  );
}

function lateCaveats(conditions: readonly Condition[], { series, range }: Late): string[] {
  const [first, last] = range;
  const unmeasured = conditions.filter(({ settings: { probes, epochs } }) => {
    const schedule = scheduleOf(probes, series);
    return first > epochs || (schedule !== null && !meetsLag(schedule, 0, first, Math.min(last, epochs)));
  });
  const uneven = Map.groupBy(conditions, ({ settings: { probes, epochs } }) => {
    const schedule = scheduleOf(probes, series);
    return schedule && unevenText(schedule, first, Math.min(last, epochs));
  });
  const filling = Map.groupBy(
    conditions.filter(
      ({ settings: { probes } }) => series.startsWith('spectrum.') && first < (probes.spectrum?.window ?? 0),
    ),
    ({ settings }) => settings.probes.spectrum?.window ?? 0,
  );
  return [
    ...about(
      conditions,
      unmeasured,
      (where) => `${series} is measured at no epoch of ${first}..${last}${where}`,
    ),
    ...[...uneven].flatMap(([text, group]) =>
      text === null ? [] : about(conditions, group, (where) => `${series} is measured ${text}${where}`),
    ),
    ...[...filling].flatMap(([window, group]) =>
      about(
        conditions,
        group,
        (where) =>
          `Until epoch ${window} the window of ${window} updates is not full${where}: those spectra are of fewer updates`,
      ),
    ),
  ];
}

/** Of a range in which the schedule changes: what its median then weighs. Null where it does not, or changes nothing. */
function unevenText(schedule: ProbeSchedule, first: number, last: number): string | null {
  const { every, later } = schedule;
  if (!later || later.every === every || first >= later.from || last < later.from) return null;
  const all = dueCount(schedule, last) - dueCount(schedule, first - 1);
  const before = dueCount(schedule, later.from - 1) - dueCount(schedule, first - 1);
  return `${scheduleText(schedule)}: ${before} of the ${all} epochs that the median counts alike are before ${later.from}`;
}

const mostNamed = 3;

/** The sentence, if it is about any; which conditions, unless it is about all. */
function about(
  all: readonly Condition[],
  some: readonly Condition[],
  say: (where: string) => string,
): string[] {
  if (some.length === 0) return [];
  if (some.length === all.length) return [say('')];
  const names = some.slice(0, mostNamed).map(({ name }) => name);
  const more = some.length > mostNamed ? ` and ${some.length - mostNamed} more` : '';
  return [say(` in ${names.join(', ')}${more}`)];
}
