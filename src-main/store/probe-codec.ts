import { z } from 'zod';
import type { PairRepulsion, PairSample, RepulsionResult } from '#shared/science/repulsion-result.ts';
import { packFloats, unpackFloats } from './float-blob.ts';
import { DamagedRow } from './row.ts';

/**
 * A repulsion result as a JSON header, which any SQLite tool can read, and one blob of float64: the arrays in the order
 * topPairs (first, second, cosine), randomPairs (the same), then for each ridge B at the top pairs, B at the random pairs, counts
 * of the histogram. Indices of features are below 2^53, so float64 holds them exactly.
 */
export interface PackedProbe {
  readonly header: string;
  readonly data: Uint8Array;
}

/** JSON has no NaN or infinities: they are written as their names. */
const scalar = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).transform(Number);
const pairScalars = z.object({
  opposite: scalar,
  negativeGivenPositive: scalar,
  positivePairs: scalar,
  medianAbsolute: scalar,
});
const headerSchema = z.object({
  epoch: z.number(),
  topPairs: z.number(),
  randomPairs: z.number(),
  ridges: z.array(
    z.object({
      ridge: z.object({ name: z.string(), value: scalar, borrowedFrom: z.string().nullable() }),
      top: pairScalars,
      random: pairScalars,
      identityDeviation: scalar,
      identityPairs: z.number(),
      offDiagonal: z.object({ low: scalar, high: scalar, bins: z.number() }),
      meanDiagonal: scalar,
    }),
  ),
});

export function packRepulsion(result: RepulsionResult): PackedProbe {
  const arrays = [...sampleArrays(result.topPairs), ...sampleArrays(result.randomPairs)];
  const ridges = result.ridges.map((at) => {
    arrays.push(at.top.b, at.random.b, at.offDiagonal.counts);
    return {
      ridge: { ...at.ridge, value: write(at.ridge.value) },
      top: writePairs(at.top),
      random: writePairs(at.random),
      identityDeviation: write(at.identityDeviation),
      identityPairs: at.identityPairs,
      offDiagonal: {
        low: write(at.offDiagonal.low),
        high: write(at.offDiagonal.high),
        bins: at.offDiagonal.counts.length,
      },
      meanDiagonal: write(at.meanDiagonal),
    };
  });
  const header = {
    epoch: result.epoch,
    topPairs: result.topPairs.cosine.length,
    randomPairs: result.randomPairs.cosine.length,
    ridges,
  };
  return { header: JSON.stringify(header), data: packFloats(arrays) };
}

/** @param parse the header text, checked against the schema it is given */
export function unpackRepulsion(
  data: Uint8Array,
  parse: (schema: typeof headerSchema) => z.infer<typeof headerSchema>,
): RepulsionResult {
  const header = parse(headerSchema);
  const values = unpackFloats(data);
  let offset = 0;
  const take = (length: number): Float64Array => {
    offset += length;
    if (offset > values.length) throw new DamagedRow(`a probe's blob is too short: ${data.length} bytes`);
    return values.slice(offset - length, offset);
  };
  const sample = (length: number): PairSample => ({
    first: Int32Array.from(take(length)),
    second: Int32Array.from(take(length)),
    cosine: take(length),
  });
  return {
    epoch: header.epoch,
    topPairs: sample(header.topPairs),
    randomPairs: sample(header.randomPairs),
    ridges: header.ridges.map(({ offDiagonal, ...at }) => ({
      ...at,
      top: { ...at.top, b: take(header.topPairs) },
      random: { ...at.random, b: take(header.randomPairs) },
      offDiagonal: { low: offDiagonal.low, high: offDiagonal.high, counts: take(offDiagonal.bins) },
    })),
  };
}

function sampleArrays(sample: PairSample): Float64Array[] {
  return [Float64Array.from(sample.first), Float64Array.from(sample.second), sample.cosine];
}

function writePairs(pairs: PairRepulsion): Record<string, number | string> {
  return {
    opposite: write(pairs.opposite),
    negativeGivenPositive: write(pairs.negativeGivenPositive),
    positivePairs: write(pairs.positivePairs),
    medianAbsolute: write(pairs.medianAbsolute),
  };
}

function write(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
