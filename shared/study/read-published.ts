import type { z } from 'zod';
import type {
  Published,
  PublishedCondition,
  PublishedRepulsion,
  PublishedStatistic,
} from '../models/study.ts';
import { readValue } from './explain-issues.ts';
import { didYouMean } from './nearest-name.ts';
import { nodeAt, type SourceNode } from './source-node.ts';
import { problemAt, type StudyProblem } from './study-problem.ts';
import { publishedSchema, type publishedConditionSchema } from './study-schema.ts';

/** The published numbers, or null when the file has none (or none that are right: `checkPublished` and the format say so). */
export function readPublished(node: SourceNode | undefined): Published | null {
  const written = readValue(node, publishedSchema);
  if (!written) return null;
  return {
    source: written.source,
    notes: written.notes ?? [],
    separation: written.separation ?? null,
    conditions: mapValues(written.conditions ?? {}, toCondition),
  };
}

/** `statistics` are the names of detectors and intervals; numbers for anything else have no row to stand beside. */
export function checkPublished(
  node: SourceNode | undefined,
  conditions: readonly string[],
  statistics: readonly string[],
): StudyProblem[] {
  const listed = nodeAt(node, ['conditions']);
  if (listed?.kind !== 'mapping') return [];
  return [...listed.entries].flatMap(([name, { key, value }]) => {
    const problems: StudyProblem[] = [];
    if (!conditions.includes(name)) {
      problems.push(problemAt(key, `is not a condition of this study; ${didYouMean(name, conditions)}`));
    }
    const detectors = nodeAt(value, ['detectors']);
    for (const [statistic, entry] of detectors?.kind === 'mapping' ? detectors.entries : []) {
      if (!statistics.includes(statistic)) {
        const hint = didYouMean(statistic, statistics);
        problems.push(problemAt(entry.key, `is not a detector or an interval of this study; ${hint}`));
      }
    }
    for (const path of spreads(value)) problems.push(...checkSpread(nodeAt(value, path)));
    return problems;
  });
}

/** The paths of every [low, high] below a published condition. */
function spreads(condition: SourceNode): (readonly string[])[] {
  const paths: (readonly string[])[] = [['late', 'range']];
  for (const group of ['detectors', 'repulsion']) {
    const node = nodeAt(condition, [group]);
    for (const key of node?.kind === 'mapping' ? node.entries.keys() : []) paths.push([group, key, 'iqr']);
  }
  return paths;
}

function checkSpread(node: SourceNode | undefined): StudyProblem[] {
  const low = nodeAt(node, [0]);
  const high = nodeAt(node, [1]);
  if (!node || low?.kind !== 'scalar' || high?.kind !== 'scalar') return [];
  if (typeof low.value !== 'number' || typeof high.value !== 'number' || low.value <= high.value) return [];
  return [
    problemAt(node, `must run upwards, got [${low.text}, ${high.text}]: write [${high.text}, ${low.text}]`),
  ];
}

function toCondition(written: z.infer<typeof publishedConditionSchema>): PublishedCondition {
  const { late } = written;
  return {
    detectors: mapValues(written.detectors ?? {}, ({ fired, n, median, iqr }): PublishedStatistic => ({
      fired: fired ?? null,
      n: n ?? null,
      median: median ?? null,
      q1: iqr?.[0] ?? null,
      q3: iqr?.[1] ?? null,
    })),
    late: late ? { median: late.median, min: late.range?.[0] ?? null, max: late.range?.[1] ?? null } : null,
    repulsion: Object.entries(written.repulsion ?? {})
      .map(([epoch, value]): PublishedRepulsion => {
        if (typeof value === 'number') return { epoch: Number(epoch), median: value, q1: null, q3: null };
        return {
          epoch: Number(epoch),
          median: value.median,
          q1: value.iqr?.[0] ?? null,
          q3: value.iqr?.[1] ?? null,
        };
      })
      .toSorted((a, b) => a.epoch - b.epoch),
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
