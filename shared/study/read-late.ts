import type { Condition, Late } from '../models/study.ts';
import { readValue } from './explain-issues.ts';
import { didYouMean } from './nearest-name.ts';
import { absentSeries } from './read-detectors.ts';
import { lockInSeries } from './setting-defaults.ts';
import { nodeAt, type SourceNode } from './source-node.ts';
import { problemAt, type StudyProblem } from './study-problem.ts';
import { lateFields } from './study-schema.ts';

/** What is known of the conditions, even where some of their settings are wrong. */
export interface ConditionFacts {
  readonly names: readonly string[];
  /** Epochs of the shortest condition; null when none is readable. */
  readonly shortest: number | null;
  /** Series that at least one condition stores; null when a probe is written wrongly. */
  readonly measured: readonly string[] | null;
}

/** The late value's definition. Only for a file in which `checkLate` and the format found nothing wrong. */
export function readLate(
  node: SourceNode | undefined,
  conditions: readonly Condition[],
  measured: readonly string[],
): Late {
  const shortest = Math.min(...conditions.map(({ settings }) => settings.epochs));
  const { series, range, separation } = writtenLate(node);
  return {
    series: series ?? (measured.includes(lockInSeries) ? lockInSeries : 'test.accuracy'),
    range: range ? [range[0], range[1]] : [Math.ceil(shortest / 2), shortest],
    separation: separation ? [separation[0], separation[1]] : defaultSeparation(conditions),
  };
}

/** Field by field, so that a wrong range does not hide a misspelled series. */
function writtenLate(node: SourceNode | undefined) {
  const rangeNode = node?.kind === 'list' ? node : nodeAt(node, ['range']);
  return {
    range: readValue(rangeNode, lateFields.shape.range),
    series: readValue(nodeAt(node, ['series']), lateFields.shape.series),
    separation: readValue(nodeAt(node, ['separation']), lateFields.shape.separation),
  };
}

export function checkLate(node: SourceNode | undefined, facts: ConditionFacts): StudyProblem[] {
  const { range, series, separation } = writtenLate(node);
  const rangeNode = node?.kind === 'list' ? node : nodeAt(node, ['range']);
  const seriesNode = nodeAt(node, ['series']);
  const pairNode = nodeAt(node, ['separation']);
  const problems: StudyProblem[] = [];
  if (rangeNode && range) problems.push(...checkRange(rangeNode, range, facts.shortest));
  if (seriesNode && series !== undefined && facts.measured) {
    const absent = absentSeries(series, facts.measured);
    if (absent !== null) problems.push(problemAt(seriesNode, absent));
  }
  if (pairNode && separation) problems.push(...checkPair(pairNode, separation, facts.names));
  return problems;
}

function checkRange(
  node: SourceNode,
  [low, high]: readonly number[],
  shortest: number | null,
): StudyProblem[] {
  const problems: StudyProblem[] = [];
  for (const [index, epoch] of [low, high].entries()) {
    const at = nodeAt(node, [index]) ?? node;
    if (shortest !== null && epoch > shortest) {
      problems.push(
        problemAt(at, `must be in 0..${shortest} (the epochs of the shortest condition), got ${epoch}`),
      );
    }
  }
  if (low > high)
    problems.push(problemAt(node, `must run upwards, got [${low}, ${high}]: write [${high}, ${low}]`));
  return problems;
}

function checkPair(node: SourceNode, pair: readonly string[], names: readonly string[]): StudyProblem[] {
  const problems = pair.flatMap((name, index) => {
    if (names.includes(name)) return [];
    const at = nodeAt(node, [index]) ?? node;
    return [problemAt(at, `must be a condition, got ${JSON.stringify(name)}; ${didYouMean(name, names)}`)];
  });
  if (pair[0] === pair[1])
    problems.push(problemAt(node, `must be two different conditions, got ${pair[0]} twice`));
  return problems;
}

/** The first condition with weight decay against the first without, as the study compares; where all or none have it, nothing says which is a control. */
function defaultSeparation(conditions: readonly Condition[]): readonly [string, string] | null {
  const decayed = conditions.find(({ settings }) => settings.optimizer.weightDecay > 0);
  const control = conditions.find(({ settings }) => settings.optimizer.weightDecay === 0);
  if (decayed && control) return [decayed.name, control.name];
  return null;
}
