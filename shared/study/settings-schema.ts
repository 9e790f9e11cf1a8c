import { z } from 'zod';
import { layerNames } from '../models/settings.ts';
import { activationNames } from '../science/activation-name.ts';
import { optimizerKinds } from '../science/optimizer-settings.ts';
import {
  choice,
  decayRate,
  fields,
  listOf,
  nonNegativeNumber,
  openShare,
  positiveNumber,
  switchable,
  wholeNumber,
} from './leaf-schemas.ts';

/*
 * What a condition is trained and probed with, as the file writes it: everything optional, because the base, a condition and a
 * sweep may each give a part. What is required, and what depends on another field, is checked on the whole (check-settings.ts).
 */

const every = wholeNumber(1, 1_000_000);
const pairs = wholeNumber(1, 2 ** 31 - 1);
export const mostEpochs = 1_000_000;

export const taskSchema = fields({
  kind: choice(['modular-addition']).optional().describe('The task: (a + b) mod M over all pairs.'),
  modulus: wholeNumber(2, 1000, 'with fewer there is nothing to add, with more the M^2 pairs fill the memory')
    .optional()
    .describe('M: the network learns a + b mod M.'),
});

export const splitSchema = fields({
  train: wholeNumber(1, 1000 * 1000 - 1)
    .optional()
    .describe('n: how many of the M^2 pairs train; the rest test.'),
  fraction: openShare()
    .optional()
    .describe('The share of the M^2 pairs that trains: n = round(fraction M^2), a half to the even number.'),
});

export const networkSchema = fields({
  width: wholeNumber(1, 65_536, 'a Gram matrix of width^2 numbers has to fit in memory')
    .optional()
    .describe('K: hidden units.'),
  activation: choice(activationNames).optional().describe('sigma of the hidden layer; square when left out.'),
});

export const optimizerSchema = fields({
  kind: choice(optimizerKinds)
    .optional()
    .describe('adam (coupled L2, the default), adamw (decoupled) or sgd (coupled, with momentum).'),
  learningRate: positiveNumber().optional().describe('0.001 when left out.'),
  weightDecay: nonNegativeNumber()
    .optional()
    .describe('eta, the L2 coefficient; not the learning rate. 0 when left out.'),
  momentum: decayRate().optional().describe('Read by sgd only; 0.9 when left out.'),
  beta1: decayRate().optional().describe('Read by adam and adamw; 0.9 when left out.'),
  beta2: decayRate().optional().describe('Read by adam and adamw; 0.999 when left out.'),
  epsilon: positiveNumber().optional().describe('Read by adam and adamw; 1e-8 when left out.'),
});

export const spectrumSchema = fields({
  window: wholeNumber(3, 200, 'sigma2/sigma3 needs three updates')
    .optional()
    .describe('Updates kept in the rolling Gram; 20 when left out.'),
  layers: listOf(choice(layerNames), '[W, V]').optional().describe('Both when left out.'),
});

const schedule = {
  every: every.optional().describe('Measure at epochs divisible by this; 1 when left out.'),
  later: fields({
    from: wholeNumber(1, mostEpochs).optional().describe('The epoch from which the probe is due less often.'),
    every: every.optional().describe('From there on, measure at epochs divisible by this.'),
  })
    .optional()
    .describe('A costly probe can be due less often from some epoch on, such as { from: 50, every: 5 }.'),
};

export const gramSchema = fields(schedule);

export const gradientSchema = fields({
  ...schedule,
  pairs: pairs.optional().describe('Random pairs of columns of G_F; 500 when left out.'),
});

const ridgeAllowed = 'must be published, effective or a number > 0';

export const repulsionSchema = fields({
  epochs: listOf(wholeNumber(0, mostEpochs), '[0, 100, 200]')
    .optional()
    .describe('The epochs at which B is computed.'),
  pairs: pairs.optional().describe('How many of the most similar pairs; 200 when left out.'),
  randomPairs: pairs.optional().describe('How many random pairs make the baseline; 2000 when left out.'),
  identityPairs: pairs.optional().describe('How many pairs the identity check solves for; 10 when left out.'),
  ridge: listOf(
    z.union([z.literal('published'), z.literal('effective'), z.number().gt(0, ridgeAllowed)], ridgeAllowed),
    '[published, effective]',
  )
    .optional()
    .describe('published is eta, effective is n eta / 2, a number is itself; both named ones when left out.'),
});

export const probesSchema = fields({
  spectrum: switchable(spectrumSchema).optional().describe('The update spectrum; on unless off.'),
  gram: switchable(gramSchema).optional().describe('The feature Gram and rho; on unless off.'),
  gradient: switchable(gradientSchema).optional().describe('G_F and its columns; on unless off.'),
  repulsion: switchable(repulsionSchema)
    .optional()
    .describe('B = (G + ridge I)^-1; off unless its epochs are given.'),
});

export const settingsShape = {
  task: taskSchema.optional().describe('What is learned.'),
  split: splitSchema.optional().describe('How many pairs train: train (a count) or fraction.'),
  network: networkSchema.optional().describe('F = sigma(h), O = F V, no biases.'),
  optimizer: optimizerSchema.optional().describe('One full-batch step is one epoch.'),
  epochs: wholeNumber(1, mostEpochs).optional().describe('Training steps; rows run 0..epochs.'),
  probes: probesSchema.optional().describe('What is measured beside accuracy and loss.'),
};

export const settingsSchema = fields(settingsShape);
export type WrittenSettings = z.infer<typeof settingsSchema>;
export const settingsKeys: readonly string[] = Object.keys(settingsShape);

/** Every setting a sweep can take through a list of values, by dotted path. */
export const sweepPaths: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(settingsShape).flatMap(([key, schema]) => leavesOf(key, schema)),
);

function leavesOf(path: string, schema: z.core.$ZodType): [string, z.ZodType][] {
  if (schema instanceof z.ZodOptional) return leavesOf(path, schema.def.innerType);
  if (schema instanceof z.ZodUnion) {
    const mapping = schema.def.options.find((option) => option instanceof z.ZodObject);
    if (mapping) return leavesOf(path, mapping);
  }
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, child]) => leavesOf(`${path}.${key}`, child));
  }
  return schema instanceof z.ZodType ? [[path, schema]] : [];
}

const sweepShape = Object.fromEntries(
  [...sweepPaths].map(([path, schema]) => [
    path,
    listOf(schema, '[1, 2, 3], one value a condition').optional(),
  ]),
);

export const sweepSchema = fields(sweepShape);
