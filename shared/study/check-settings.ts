import type { z } from 'zod';
import { readValue } from './explain-issues.ts';
import { wholeNumber } from './leaf-schemas.ts';
import { unreadOptimizerKeys } from './merge-nodes.ts';
import { networkSchema, settingsShape, splitSchema, taskSchema } from './settings-schema.ts';
import { fieldOf, nodeAt, shownValue, type SourceNode } from './source-node.ts';
import { problemAt, type StudyProblem } from './study-problem.ts';

/**
 * What one condition needs as a whole: the fields it cannot do without, and the fields that limit each other. Values that are
 * wrong by themselves are skipped here; the format reports them.
 */
export function checkSettings(settings: SourceNode): StudyProblem[] {
  return [
    ...missing(settings),
    ...checkSplit(settings),
    ...checkOptimizer(settings),
    ...checkProbeEpochs(settings),
    ...checkSchedules(settings),
    ...checkPairs(settings),
  ];
}

const required: readonly {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly say?: string;
}[] = [
  { path: ['task', 'kind'], schema: taskSchema.shape.kind.unwrap() },
  { path: ['task', 'modulus'], schema: taskSchema.shape.modulus.unwrap() },
  { path: ['network', 'width'], schema: networkSchema.shape.width.unwrap() },
  { path: ['epochs'], schema: settingsShape.epochs.unwrap() },
  { path: ['split'], schema: splitSchema, say: 'must be { train: COUNT } or { fraction: SHARE }' },
];

function missing(settings: SourceNode): StudyProblem[] {
  return required.flatMap(({ path, schema, say }) => {
    // Where a mapping is expected and something else stands, the format says so; its keys are not missing besides.
    const parent = nodeAt(settings, path.slice(0, -1));
    if (nodeAt(settings, path) || (parent && parent.kind !== 'mapping')) return [];
    const allowed = say ?? schema.safeParse(undefined).error?.issues[0].message ?? '';
    const at = { place: (parent ?? settings).place, field: path.join('.') };
    return [problemAt(at, `is required and ${allowed}`)];
  });
}

function checkSplit(settings: SourceNode): StudyProblem[] {
  const split = nodeAt(settings, ['split']);
  if (split?.kind !== 'mapping') return [];
  const train = nodeAt(split, ['train']);
  const fraction = nodeAt(split, ['fraction']);
  if (train && fraction) return [problemAt(fraction, 'and split.train exclude each other: keep one of them')];
  if (!train && !fraction) return [problemAt(split, 'must give train (a count) or fraction')];
  const modulus = readValue(nodeAt(settings, ['task', 'modulus']), taskSchema.shape.modulus);
  if (modulus === undefined) return [];
  const most = modulus ** 2 - 1;
  const room = `modulus^2 = ${modulus ** 2} pairs, of which at least one tests`;
  const count = readValue(train, splitSchema.shape.train);
  if (train && count !== undefined && count > most) {
    return [problemAt(train, `must be a whole number in 1..${most} (${room}), got ${count}`)];
  }
  const share = readValue(fraction, splitSchema.shape.fraction);
  if (
    fraction &&
    share !== undefined &&
    !wholeNumber(1, most).safeParse(trainCount(share, modulus)).success
  ) {
    const trains = trainCount(share, modulus);
    return [
      problemAt(
        fraction,
        `must leave 1..${most} pairs to train (${room}), got ${shownValue(fraction)}: ${trains}`,
      ),
    ];
  }
  return [];
}

/** n = round(p M^2), as the study splits. It is written in Python, which rounds a half to the even number: half of 41^2 is 840. */
export function trainCount(fraction: number, modulus: number): number {
  const pairs = fraction * modulus ** 2;
  const below = Math.floor(pairs);
  return pairs - below === 0.5 ? below + (below % 2) : Math.round(pairs);
}

function checkOptimizer(settings: SourceNode): StudyProblem[] {
  const optimizer = nodeAt(settings, ['optimizer']);
  return unreadOptimizerKeys(optimizer).flatMap(({ key, readBy }) => {
    const value = nodeAt(optimizer, [key]);
    return value ? [problemAt(value, `is read by ${readBy} only: remove it, or choose another kind`)] : [];
  });
}

function checkProbeEpochs(settings: SourceNode): StudyProblem[] {
  const repulsion = nodeAt(settings, ['probes', 'repulsion']);
  if (repulsion?.kind !== 'mapping') return [];
  const list = nodeAt(repulsion, ['epochs']);
  if (!list) {
    return [problemAt(repulsion, 'needs epochs, the list of epochs to probe, such as epochs: [0, 100, 200]')];
  }
  if (list.kind !== 'list') return [];
  const last = readValue(nodeAt(settings, ['epochs']), settingsShape.epochs) ?? Number.POSITIVE_INFINITY;
  const seen = new Set<number>();
  return list.items.flatMap((item) => {
    const epoch = item.kind === 'scalar' && typeof item.value === 'number' ? item.value : Number.NaN;
    if (seen.has(epoch)) return [problemAt(item, `is in the list twice: keep one ${epoch}`)];
    seen.add(epoch);
    if (!(epoch > last)) return [];
    return [problemAt(item, `must be in 0..${last} (epochs is ${last}), got ${epoch}`)];
  });
}

/** A second stretch is an epoch and a step: one without the other says nothing. */
function checkSchedules(settings: SourceNode): StudyProblem[] {
  return ['gram', 'gradient'].flatMap((probe) => {
    const later = nodeAt(settings, ['probes', probe, 'later']);
    if (later?.kind !== 'mapping') return [];
    return ['from', 'every'].flatMap((key) => {
      if (nodeAt(later, [key])) return [];
      const at = { place: later.place, field: fieldOf(later.field, key) };
      return [problemAt(at, 'is required, such as later: { from: 50, every: 5 }')];
    });
  });
}

const pairFields = [
  ['gradient', 'pairs'],
  ['repulsion', 'pairs'],
  ['repulsion', 'randomPairs'],
  ['repulsion', 'identityPairs'],
] as const;

/** How many pairs K features make. */
export function pairCount(width: number): number {
  return (width * (width - 1)) / 2;
}

function checkPairs(settings: SourceNode): StudyProblem[] {
  const width = readValue(nodeAt(settings, ['network', 'width']), networkSchema.shape.width);
  if (width === undefined) return [];
  const problems: StudyProblem[] = [];
  for (const probe of ['gradient', 'repulsion']) {
    const node = nodeAt(settings, ['probes', probe]);
    if (node?.kind === 'mapping' && pairCount(width) === 0) {
      problems.push(problemAt(node, `needs pairs of features, and network.width is ${width}: switch it off`));
    }
  }
  if (problems.length > 0) return problems;
  return pairFields.flatMap(([probe, key]) => {
    const node = nodeAt(settings, ['probes', probe, key]);
    const value = node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : 0;
    if (!node || !(value > pairCount(width))) return [];
    return [
      problemAt(
        node,
        `must be <= ${pairCount(width)}, the pairs that ${width} features make, got ${shownValue(node)}`,
      ),
    ];
  });
}
