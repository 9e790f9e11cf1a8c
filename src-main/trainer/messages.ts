import { z } from 'zod';
import { engineNames } from '#shared/models/run.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { StartingPoint } from './checkpoint.ts';
import { matrixStages } from '#shared/models/matrix.ts';
import type { Settings } from '#shared/models/settings.ts';
import type { Ridge } from '#shared/science/repulsion-result.ts';

/** Everything a run is a function of. */
export interface RunSpec {
  readonly settings: Settings;
  readonly seed: number;
  readonly engine: EngineName;
}

/** Host to trainer: one of these, once. */
export type TrainerRequest =
  | { readonly type: 'train'; readonly spec: RunSpec; readonly start: StartingPoint }
  /** Train to `epoch` without measuring, and probe there. */
  | { readonly type: 'replay'; readonly spec: RunSpec; readonly epoch: number }
  /** The same, for B and the cosines of every pair. */
  | { readonly type: 'matrix'; readonly spec: RunSpec; readonly epoch: number; readonly ridge: Ridge }
  /** Load the engine, say which version it is, and time it when asked. */
  | {
      readonly type: 'inspect';
      readonly engine: EngineName;
      readonly measure: boolean;
      /** What to time it on; the quick study's shape when not given. */
      readonly work?: MeasuredWork;
    };

export interface MeasuredWork {
  readonly settings: Pick<Settings, 'task' | 'split' | 'network'>;
  /** Share of the epochs at which the feature Gram is measured, in [0, 1]. */
  readonly gramShare: number;
}

// z.instanceof would narrow to arrays over ArrayBuffer alone.
const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array, 'expected a Float32Array');
const int32 = z.custom<Int32Array>((value) => value instanceof Int32Array, 'expected an Int32Array');
const float64 = z.custom<Float64Array>((value) => value instanceof Float64Array, 'expected a Float64Array');

const pairSample = z.object({
  first: int32,
  second: int32,
  cosine: float64,
});

// Shares are NaN where there is nothing to share, and z.number() refuses NaN.
const measured = z.number().or(z.nan());

const pairRepulsion = z.object({
  b: float64,
  opposite: measured,
  negativeGivenPositive: measured,
  positivePairs: z.number(),
  medianAbsolute: measured,
});

const repulsionResult = z.object({
  epoch: z.number(),
  topPairs: pairSample,
  randomPairs: pairSample,
  ridges: z
    .array(
      z.object({
        ridge: z.object({ name: z.string(), value: z.number(), borrowedFrom: z.string().nullable() }),
        top: pairRepulsion,
        random: pairRepulsion,
        identityDeviation: measured,
        identityPairs: z.number(),
        offDiagonal: z.object({ low: z.number(), high: z.number(), counts: float64 }),
        meanDiagonal: z.number(),
      }),
    )
    .readonly(),
});

const provenance = z.object({
  engine: z.enum(engineNames),
  engineVersion: z.string(),
  threads: z.number(),
  platform: z.string(),
  nodeVersion: z.string(),
  appVersion: z.string(),
});

const rowBatch = z.object({
  type: z.literal('rows'),
  firstEpoch: z.number(),
  /** Parallel to `columns`, which hold one float64 an epoch. */
  names: z.array(z.string()).readonly(),
  columns: z.array(float64).readonly(),
});

/** A piece of an upper triangle, small enough that reading it does not hold the host up. */
const matrixPart = z.object({
  type: z.literal('matrix-part'),
  matrix: z.enum(['b', 'cosine']),
  start: z.number(),
  values: float64,
});

const matrixUnits = z.object({
  type: z.literal('matrix-units'),
  units: z.object({
    frequency: int32,
    concentration: float64,
    cluster: int32,
    quantiles: z.object({ b: float64, cosine: float64 }),
  }),
});

/** A piece of the update that `step` made, for a checkpoint to come; the pieces of one follow each other (`partOf`). */
const updatePart = z.object({
  type: z.literal('update-part'),
  step: z.number(),
  number: z.number(),
  data: float32,
});

/** Trainer to host, checked where it enters. Rows come in batches of whole epochs. */
export const trainerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), provenance }),
  rowBatch,
  z.object({ type: z.literal('probing'), epoch: z.number() }),
  z.object({ type: z.literal('probe'), result: repulsionResult }),
  z.object({ type: z.literal('replaying'), stage: z.enum(matrixStages), epoch: z.number() }),
  matrixPart,
  matrixUnits,
  updatePart,
  z.object({
    type: z.literal('checkpoint'),
    checkpoint: z.object({
      epoch: z.number(),
      weights: z.object({ W: float32, V: float32 }),
      optimizer: z.object({ step: z.number(), moments: z.array(float32).readonly() }),
      updates: z.number(),
    }),
  }),
  z.object({
    type: z.literal('inspected'),
    version: z.string(),
    gigaflops: z.number().nullable(),
    /** Of training and evaluation, and its share of a Gram. */
    epochMilliseconds: z.number().nullable().optional(),
  }),
  z.object({ type: z.literal('finished'), seconds: z.number(), peakMemoryBytes: z.number() }),
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string(), seconds: z.number() }),
]);

export type TrainerMessage = z.infer<typeof trainerMessageSchema>;
export type RowBatch = z.infer<typeof rowBatch>;
export type UpdatePart = z.infer<typeof updatePart>;
