import { readValue } from './explain-issues.ts';
import { mostRuns } from './expand-conditions.ts';
import type { SourceNode } from './source-node.ts';
import { problemAt, type StudyProblem } from './study-problem.ts';
import { largestSeed, seedsSchema } from './study-schema.ts';

export interface ReadSeeds {
  /** Empty when the seeds are absent or wrong. */
  readonly seeds: readonly number[];
  readonly problems: readonly StudyProblem[];
}

/** `0..14` holds both ends; a list keeps its order; one whole number is one seed. */
export function readSeeds(node: SourceNode | undefined): ReadSeeds {
  const written = readValue(node, seedsSchema);
  if (!node || written === undefined) return { seeds: [], problems: [] };
  if (typeof written === 'number') return { seeds: [written], problems: [] };
  if (typeof written === 'string') return readRange(node, written);
  const problems: StudyProblem[] = [];
  const seeds = new Set<number>();
  for (const [index, seed] of written.entries()) {
    const at = node.kind === 'list' ? node.items[index] : node;
    if (seeds.has(seed)) problems.push(problemAt(at, `is in the list twice: keep one ${seed}`));
    seeds.add(seed);
  }
  return problems.length > 0 ? { seeds: [], problems } : { seeds: written, problems };
}

function readRange(node: SourceNode, written: string): ReadSeeds {
  const [first, last] = written.split('..').map(Number);
  const wrong = (message: string): ReadSeeds => ({ seeds: [], problems: [problemAt(node, message)] });
  if (last > largestSeed) return wrong(`must stay within 0..${largestSeed}, got ${written}`);
  if (last < first) return wrong(`must run upwards, got ${written}: write ${last}..${first}`);
  const count = last - first + 1;
  if (count > mostRuns) {
    return wrong(`makes ${count} seeds, and a study may have at most ${mostRuns} runs, got ${written}`);
  }
  return { seeds: Array.from({ length: count }, (_, index) => first + index), problems: [] };
}
