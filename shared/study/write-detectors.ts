import type { Late } from '../models/study.ts';
import type { Detector } from '../science/detector.ts';
import type { Scoring } from './scoring.ts';
import { keyText, nestedText, type Written } from './written-value.ts';

/** Detectors, intervals and late value as a study file writes them; the file's reader gives them back exactly. */
export function writeScoring({ detectors, intervals, late }: Scoring): string {
  const { series, range, separation } = late;
  const pair = separation ? `, separation: [${separation.map(name).join(', ')}]` : '';
  return [
    ...detectorLines(detectors),
    ...intervalLines(intervals),
    `late: { series: ${series}, range: [${range.join(', ')}]${pair} }`,
    '',
  ].join('\n');
}

/** The entry `intervals`, a line each; nothing where there are none, as a file has it. */
function intervalLines(intervals: Scoring['intervals']): readonly string[] {
  const lines = Object.entries(intervals).map(
    ([key, { from, to }]) => `  ${keyText(key, false)}: { from: ${name(from)}, to: ${name(to)} }`,
  );
  return lines.length > 0 ? ['intervals:', ...lines] : [];
}

/** The entry `detectors`, a line each. */
export function detectorLines(detectors: Readonly<Record<string, Detector>>): readonly string[] {
  const lines = Object.entries(detectors).map(
    ([name, detector]) => `  ${keyText(name, false)}: ${nestedText([], writtenDetector(detector), false)}`,
  );
  return [lines.length > 0 ? 'detectors:' : 'detectors: {}', ...lines];
}

/** What a file need not say, being what holds without it, is left out. */
export function writtenDetector(detector: Detector): Readonly<Record<string, string>> {
  const { kind, series, threshold, from, direction } = detector;
  return {
    kind,
    series,
    ...(detector.kind === 'slope' ? { lag: String(detector.lag) } : {}),
    threshold: String(threshold),
    // A slope's default is not 0, so it is always said.
    ...(kind === 'slope' || from !== 0 ? { from: String(from) } : {}),
    ...(direction === 'rising' ? {} : { direction }),
  };
}

export function writtenLate({ series, range, separation }: Late): Readonly<Record<string, Written>> {
  return { series, range: range.map(String), ...(separation ? { separation } : {}) };
}

/** What YAML would take for something else than this text is quoted; a number too, which would be no name. */
function name(text: string): string {
  return /^[\d.]/.test(text) ? JSON.stringify(text) : nestedText([], text, false);
}
