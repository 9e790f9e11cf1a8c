import { z } from 'zod';
import { engineNames, type Provenance } from '#shared/models/run.ts';
import { layerNames, type Settings } from '#shared/models/settings.ts';
import type { Study } from '#shared/models/study.ts';
import { activationNames } from '#shared/science/activation-name.ts';
import { directions } from '#shared/science/detector.ts';
import { optimizerKinds } from '#shared/science/optimizer-settings.ts';

/** The stored models, checked as they come back from the file. Annotated with the models, so that they cannot drift apart. */

const schedule = {
  every: z.number(),
  later: z.object({ from: z.number(), every: z.number() }).exactOptional(),
};

const ridge = z.object({ name: z.string(), value: z.number(), borrowedFrom: z.string().nullable() });

export const settingsSchema: z.ZodType<Settings> = z.object({
  task: z.object({ kind: z.literal('modular-addition'), modulus: z.number() }),
  split: z.object({ train: z.number() }),
  network: z.object({ width: z.number(), activation: z.enum(activationNames) }),
  optimizer: z.object({
    kind: z.enum(optimizerKinds),
    learningRate: z.number(),
    weightDecay: z.number(),
    momentum: z.number(),
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number(),
  }),
  epochs: z.number(),
  probes: z.object({
    spectrum: z.object({ window: z.number(), layers: z.array(z.enum(layerNames)) }).nullable(),
    gram: z.object(schedule).nullable(),
    gradient: z.object({ ...schedule, pairs: z.number() }).nullable(),
    repulsion: z
      .object({
        epochs: z.array(z.number()),
        pairs: z.number(),
        randomPairs: z.number(),
        identityPairs: z.number(),
        ridges: z.array(ridge),
      })
      .nullable(),
  }),
});

/** Labs written before detectors had a direction hold rising ones only. */
const direction = z.enum(directions).default('rising');

const detector = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slope'),
    series: z.string(),
    lag: z.number(),
    threshold: z.number(),
    from: z.number(),
    direction,
  }),
  z.object({
    kind: z.literal('level'),
    series: z.string(),
    threshold: z.number(),
    from: z.number(),
    direction,
  }),
]);

const numberOrNull = z.number().nullable();

const publishedCondition = z.object({
  detectors: z.record(
    z.string(),
    z.object({
      fired: numberOrNull,
      n: numberOrNull,
      median: numberOrNull,
      q1: numberOrNull,
      q3: numberOrNull,
    }),
  ),
  late: z.object({ median: z.number(), min: numberOrNull, max: numberOrNull }).nullable(),
  repulsion: z.array(z.object({ epoch: z.number(), median: z.number(), q1: numberOrNull, q3: numberOrNull })),
});

/** All but the source text, which has a column of its own. */
export const studyModelSchema: z.ZodType<Omit<Study, 'source'>> = z.object({
  name: z.string(),
  description: z.string(),
  conditions: z.array(z.object({ name: z.string(), settings: settingsSchema })),
  seeds: z.array(z.number()),
  detectors: z.record(z.string(), detector),
  intervals: z.record(z.string(), z.object({ from: z.string(), to: z.string() })),
  late: z.object({
    series: z.string(),
    range: z.tuple([z.number(), z.number()]),
    separation: z.tuple([z.string(), z.string()]).nullable(),
  }),
  published: z
    .object({
      source: z.string(),
      notes: z.array(z.string()),
      conditions: z.record(z.string(), publishedCondition),
      separation: numberOrNull,
    })
    .nullable(),
});

export const provenanceSchema: z.ZodType<Provenance> = z.object({
  engine: z.enum(engineNames),
  engineVersion: z.string(),
  threads: z.number(),
  platform: z.string(),
  nodeVersion: z.string(),
  appVersion: z.string(),
});

export const seriesLayoutSchema = z.array(z.string());

export const tagListSchema = z.array(z.string());
