import { z } from 'zod';
import { directions } from '../science/detector.ts';
import { defaultDetectorNames, knownSeries } from './read-detectors.ts';
import { mappingsAt, schemasAt } from './schema-walk.ts';
import { settingDefaults as defaults, slopeDefaults } from './setting-defaults.ts';
import { nodeAt, type SourceNode } from './source-node.ts';
import { studySchema } from './study-schema.ts';

/** What the file format says of one key: what an editor shows beside it. */
export interface GuideEntry {
  readonly key: string;
  readonly description: string;
  /** What a value must be, as the error message has it: `must be a whole number in 2..1000`. */
  readonly allowed: string;
  readonly unit: string | null;
  /** What holds when the key is left out; null where it is required, or depends on the rest of the file. */
  readonly whenLeftOut: string | null;
  readonly holds: 'value' | 'list' | 'mapping';
}

/** A path without the condition or sweep it stands in: the setting it is about. */
export function settingPath(path: readonly string[]): string {
  const inside = path[0] === 'conditions' ? path.slice(2) : path;
  return (inside[0] === 'sweep' ? inside.slice(1) : inside).join('.');
}

/** The keys the format knows at a path, in its order; none where names are the author's or a value stands. */
export function keysAt(path: readonly string[]): readonly GuideEntry[] {
  const entries = mappingsAt(studySchema, path).flatMap(({ shape }) =>
    Object.entries(shape).map(([key, schema]) => entryOf([...path, key], schema)),
  );
  return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}

/** What the format says of the last key of a path; null for a name of the author's, or a key it does not know. */
export function guideAt(path: readonly string[]): GuideEntry | null {
  const key = path[path.length - 1];
  return keysAt(path.slice(0, -1)).find((entry) => entry.key === key) ?? null;
}

/**
 * The values worth offering at a path: those the format lists, and the names of series, conditions and detectors where one is
 * meant. Entries of a list stand at the list's path.
 * @param root the file as far as it can be read, for the names in it
 */
export function choicesAt(path: readonly string[], root: SourceNode | undefined): readonly string[] {
  const names = (key: string): string[] => {
    const node = nodeAt(root, [key]);
    return node?.kind === 'mapping' ? [...node.entries.keys()] : [];
  };
  const detectors = nodeAt(root, ['detectors']) ? names('detectors') : defaultDetectorNames;
  const [first] = path;
  const key = path[path.length - 1];
  if (key === 'series' && (first === 'detectors' || first === 'late')) return knownSeries;
  if (first === 'intervals' && (key === 'from' || key === 'to')) return detectors;
  if (first === 'late' && key === 'separation') return names('conditions');
  const setting = path.length > 0 ? schemasAt(studySchema, path) : [];
  return [...new Set(setting.flatMap(literals))];
}

function literals(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  // `off` and false mean the same: one of them is offered. Null is a value that was left empty.
  if (schema instanceof z.ZodLiteral) return [...schema.values].filter((value) => typeof value === 'string');
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap(literals);
  if (schema instanceof z.ZodArray) return literals(schema.def.element);
  return [];
}

function entryOf(path: readonly string[], schema: z.core.$ZodType): GuideEntry {
  const setting = settingPath(path);
  // From one detector to another, or a range of what was printed: no epochs.
  const isNamed = path[0] === 'intervals' || path[0] === 'published';
  const isList = schemasAt(schema, []).some((found) => found instanceof z.ZodArray);
  const isMapping = schemasAt(schema, []).some(
    (found) => found instanceof z.ZodObject || found instanceof z.ZodRecord,
  );
  return {
    key: path[path.length - 1],
    description: schema instanceof z.ZodType ? (schema.description ?? '') : '',
    allowed: allowedBy(schema),
    unit: units.get(setting) ?? (isNamed ? null : units.get(`*.${path[path.length - 1]}`)) ?? null,
    whenLeftOut:
      whenLeftOut.get(path[0] === 'detectors' ? `detectors.${path[path.length - 1]}` : setting) ?? null,
    holds: isMapping ? 'mapping' : isList ? 'list' : 'value',
  };
}

/** The phrase in which the format refuses a value of no kind at all. */
function allowedBy(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodOptional) return allowedBy(schema.def.innerType);
  return z.safeParse(schema, undefined).error?.issues[0].message ?? '';
}

const units: ReadonlyMap<string, string> = new Map([
  ['split.train', 'pairs'],
  ['split.fraction', 'of M^2 pairs'],
  ['network.width', 'hidden units'],
  ['epochs', 'epochs'],
  ['probes.spectrum.window', 'updates'],
  ['probes.repulsion.epochs', 'epochs'],
  ['*.every', 'epochs'],
  ['*.pairs', 'pairs'],
  ['*.randomPairs', 'pairs'],
  ['*.identityPairs', 'pairs'],
  ['*.lag', 'epochs'],
  ['*.from', 'epoch'],
  ['*.range', 'epochs'],
]);

const whenLeftOut: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'network.activation': defaults.activation,
    'optimizer.kind': defaults.optimizer,
    'optimizer.learningRate': defaults.learningRate,
    'optimizer.weightDecay': defaults.weightDecay,
    'optimizer.momentum': defaults.momentum,
    'optimizer.beta1': defaults.beta1,
    'optimizer.beta2': defaults.beta2,
    'optimizer.epsilon': '1e-8',
    'probes.spectrum.window': defaults.window,
    'probes.spectrum.layers': 'W, V',
    'probes.gram.every': defaults.every,
    'probes.gradient.every': defaults.every,
    'probes.gradient.pairs': defaults.gradientPairs,
    'probes.repulsion.pairs': defaults.pairs,
    'probes.repulsion.randomPairs': defaults.randomPairs,
    'probes.repulsion.identityPairs': defaults.identityPairs,
    'probes.repulsion.ridge': 'published, effective',
    'detectors.lag': slopeDefaults.lag,
    'detectors.direction': directions[0],
  }).map(([path, value]) => [path, String(value)]),
);
