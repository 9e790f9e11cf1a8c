import type { z } from 'zod';
import {
  layerNames,
  type GradientProbe,
  type ProbeSettings,
  type RepulsionProbe,
  type Settings,
} from '../models/settings.ts';
import { pairCount, trainCount } from './check-settings.ts';
import { readValue } from './explain-issues.ts';
import {
  type probesSchema,
  settingsSchema,
  type gradientSchema,
  type gramSchema,
  type repulsionSchema,
  type spectrumSchema,
} from './settings-schema.ts';
import type { ProbeSchedule } from '../science/probe-schedule.ts';
import { settingDefaults as defaults } from './setting-defaults.ts';
import { nodeAt, type SourceNode } from './source-node.ts';
import type { Located } from './study-problem.ts';

/** A ridge as the file asks for it; what it is worth may depend on another condition. */
export interface WrittenRidge {
  readonly written: string | number;
  readonly name: string;
  readonly at: Located;
}

/** Settings but for the ridges, which `borrow-ridges.ts` fills in once every condition is known. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly ridges: readonly WrittenRidge[];
}

/** Null when something is missing or wrong; `checkSettings` and the format have said what. */
export function resolveSettings(node: SourceNode): ResolvedSettings | null {
  const written = readValue(node, settingsSchema);
  const modulus = written?.task?.modulus;
  const width = written?.network?.width;
  const kind = written?.task?.kind;
  const { train: count, fraction } = written?.split ?? {};
  if (!written || !modulus || !width || !kind || written.epochs === undefined) return null;
  const train = count ?? (fraction === undefined ? undefined : trainCount(fraction, modulus));
  if (train === undefined) return null;
  const { optimizer = {}, probes = {} } = written;
  const optimizerKind = optimizer.kind ?? defaults.optimizer;
  const settings: Settings = {
    task: { kind, modulus },
    split: { train },
    network: { width, activation: written.network?.activation ?? defaults.activation },
    optimizer: {
      kind: optimizerKind,
      learningRate: optimizer.learningRate ?? defaults.learningRate,
      weightDecay: optimizer.weightDecay ?? defaults.weightDecay,
      momentum: optimizer.momentum ?? (optimizerKind === 'sgd' ? defaults.momentum : 0),
      beta1: optimizer.beta1 ?? defaults.beta1,
      beta2: optimizer.beta2 ?? defaults.beta2,
      epsilon: optimizer.epsilon ?? defaults.epsilon,
    },
    epochs: written.epochs,
    probes: resolveProbes(probes, width),
  };
  return { settings, ridges: settings.probes.repulsion ? writtenRidges(node) : [] };
}

const probesAlone = settingsSchema.pick({ probes: true }).loose();

/** The probes alone, even where other settings are wrong; null when they are wrong themselves. */
export function resolveProbesOf(node: SourceNode): ProbeSettings | null {
  const written = readValue(node, probesAlone);
  return written ? resolveProbes(written.probes ?? {}, Number.POSITIVE_INFINITY) : null;
}

function resolveProbes(written: z.infer<typeof probesSchema>, width: number): ProbeSettings {
  return {
    spectrum: isOff(written.spectrum) ? null : resolveSpectrum(written.spectrum ?? {}),
    gram: isOff(written.gram) ? null : resolveSchedule(written.gram ?? {}),
    gradient: isOff(written.gradient) ? null : resolveGradient(written.gradient ?? {}, width),
    repulsion:
      written.repulsion === undefined || isOff(written.repulsion)
        ? null
        : resolveRepulsion(written.repulsion, width),
  };
}

function isOff(probe: unknown): probe is 'off' | false | null {
  return probe === 'off' || probe === false || probe === null;
}

function resolveSpectrum({ window, layers }: z.infer<typeof spectrumSchema>) {
  const chosen = layers ?? layerNames;
  // In the model's order and once each, so that `[V, W]` and `[W, V]` are the same study.
  return { window: window ?? defaults.window, layers: layerNames.filter((layer) => chosen.includes(layer)) };
}

/** A half-written second stretch is reported by `checkSettings`. */
function resolveSchedule({ every = defaults.every, later }: z.infer<typeof gramSchema>): ProbeSchedule {
  if (later?.from === undefined || later.every === undefined) return { every };
  return { every, later: { from: later.from, every: later.every } };
}

/** One feature has no pairs: then there is nothing to measure, and the default switches itself off. */
function resolveGradient(
  { pairs, ...schedule }: z.infer<typeof gradientSchema>,
  width: number,
): GradientProbe | null {
  const most = pairCount(width);
  return most === 0
    ? null
    : { ...resolveSchedule(schedule), pairs: pairs ?? Math.min(defaults.gradientPairs, most) };
}

function resolveRepulsion(written: z.infer<typeof repulsionSchema>, width: number): RepulsionProbe {
  const most = pairCount(width);
  return {
    epochs: (written.epochs ?? []).toSorted((a, b) => a - b),
    pairs: written.pairs ?? Math.min(defaults.pairs, most),
    randomPairs: written.randomPairs ?? Math.min(defaults.randomPairs, most),
    identityPairs: written.identityPairs ?? Math.min(defaults.identityPairs, most),
    ridges: [],
  };
}

function writtenRidges(settings: SourceNode): WrittenRidge[] {
  const probe = nodeAt(settings, ['probes', 'repulsion']);
  const list = nodeAt(probe, ['ridge']);
  if (list?.kind === 'list') {
    return list.items.flatMap((item) =>
      item.kind === 'scalar' && (typeof item.value === 'string' || typeof item.value === 'number')
        ? [{ written: item.value, name: item.text, at: item }]
        : [],
    );
  }
  const at: Located = probe ?? settings;
  return ['published', 'effective'].map((name) => ({ written: name, name, at }));
}
