import type { z } from 'zod';
import type { ProbeSettings } from '../models/settings.ts';
import { layerNames } from '../models/settings.ts';
import { seriesNames } from '../models/series.ts';
import type { Interval } from '../models/study.ts';
import type { Detector } from '../science/detector.ts';
import { readValue } from './explain-issues.ts';
import { didYouMean } from './nearest-name.ts';
import { settingDefaults, slopeDefaults } from './setting-defaults.ts';
import { nodeAt, type MappingNode, type SourceNode } from './source-node.ts';
import { problemAt, type StudyProblem } from './study-problem.ts';
import { detectorSchema, intervalSchema } from './study-schema.ts';

/** Used when a file names no detectors, as far as their series are measured. */
const defaultDetectors: readonly (readonly [string, Detector])[] = [
  ['lock-in', { kind: 'slope', ...slopeDefaults }],
  ['initiation', { kind: 'level', series: 'gram.rho', threshold: 0.075, from: 0, direction: 'rising' }],
  ['half', { kind: 'level', series: 'test.accuracy', threshold: 0.5, from: 0, direction: 'rising' }],
  ['grokked', { kind: 'level', series: 'test.accuracy', threshold: 0.99, from: 0, direction: 'rising' }],
];

export const defaultDetectorNames: readonly string[] = defaultDetectors.map(([name]) => name);

/** The series that at least one condition stores. */
export function measuredSeries(probes: readonly ProbeSettings[]): string[] {
  return [...new Set(probes.flatMap(seriesNames))];
}

/** Every series there can be. */
export const knownSeries: readonly string[] = seriesNames({
  spectrum: { window: settingDefaults.window, layers: layerNames },
  gram: { every: settingDefaults.every },
  gradient: { every: settingDefaults.every, pairs: settingDefaults.gradientPairs },
  repulsion: null,
});

/** Why a series does not exist, as the end of a sentence; null when it does. */
export function absentSeries(series: string, measured: readonly string[]): string | null {
  if (measured.includes(series)) return null;
  const isKnown = knownSeries.includes(series);
  const got = `got ${JSON.stringify(series)}`;
  if (isKnown) return `must be a series this study measures, ${got}, whose probe is off in every condition`;
  return `must be a series, ${got}; ${didYouMean(series, measured)}`;
}

export interface ReadDetectors {
  readonly detectors: Readonly<Record<string, Detector>>;
  /** Written names, those of faulty detectors too: a reference to one of them is not a second mistake. */
  readonly names: readonly string[];
  readonly problems: readonly StudyProblem[];
}

/** `measured` is null when a probe is written wrongly: then no series is judged. */
export function readDetectors(root: MappingNode, measured: readonly string[] | null): ReadDetectors {
  const node = nodeAt(root, ['detectors']);
  if (!node) {
    const chosen = defaultDetectors.filter(([, { series }]) => measured?.includes(series) ?? true);
    return { detectors: Object.fromEntries(chosen), names: chosen.map(([name]) => name), problems: [] };
  }
  if (node.kind !== 'mapping') return { detectors: {}, names: [], problems: [] };
  const problems: StudyProblem[] = [];
  const detectors = [...node.entries].flatMap(([name, { value }]): [string, Detector][] => {
    const written = readValue(value, detectorSchema);
    if (!written) return [];
    const detector = withDefaults(written);
    const absent = measured ? absentSeries(detector.series, measured) : null;
    if (absent !== null) {
      const at = nodeAt(value, ['series']) ?? { place: value.place, field: `${value.field}.series` };
      problems.push(problemAt(at, absent));
    }
    return [[name, detector]];
  });
  return { detectors: Object.fromEntries(detectors), names: [...node.entries.keys()], problems };
}

function withDefaults(written: z.infer<typeof detectorSchema>): Detector {
  if (written.kind === 'level') {
    const { series, threshold, from = 0, direction = 'rising' } = written;
    return { kind: 'level', series, threshold, from, direction };
  }
  const { series, lag, threshold, from, direction } = written;
  return {
    kind: 'slope',
    series: series ?? slopeDefaults.series,
    lag: lag ?? slopeDefaults.lag,
    threshold: threshold ?? slopeDefaults.threshold,
    from: from ?? slopeDefaults.from,
    direction: direction ?? slopeDefaults.direction,
  };
}

export interface ReadIntervals {
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly names: readonly string[];
  readonly problems: readonly StudyProblem[];
}

export function readIntervals(node: SourceNode | undefined, detectors: readonly string[]): ReadIntervals {
  if (node?.kind !== 'mapping') return { intervals: {}, names: [], problems: [] };
  const problems: StudyProblem[] = [];
  const intervals = [...node.entries].flatMap(([name, { key, value }]): [string, Interval][] => {
    if (detectors.includes(name)) {
      problems.push(problemAt(key, `must not share its name with a detector: rename one ${name}`));
    }
    for (const end of ['from', 'to']) {
      const at = nodeAt(value, [end]);
      if (at?.kind !== 'scalar' || typeof at.value !== 'string' || detectors.includes(at.value)) continue;
      problems.push(
        problemAt(
          at,
          `must be a detector's name, got ${JSON.stringify(at.value)}; ${didYouMean(at.value, detectors)}`,
        ),
      );
    }
    const written = readValue(value, intervalSchema);
    return written ? [[name, written]] : [];
  });
  return { intervals: Object.fromEntries(intervals), names: [...node.entries.keys()], problems };
}
