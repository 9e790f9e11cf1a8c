import type { PreparedMatrix } from '#shared/models/matrix.ts';
import type { PairMatrices } from '#shared/science/pair-matrices.ts';
import type { PairSample, RepulsionResult } from '#shared/science/repulsion-result.ts';
import { entryOf } from '#shared/science/symmetric-matrix.ts';
import type { SymmetricMatrix } from '#shared/science/symmetric-matrix.ts';

/**
 * Matrices that were computed again against the probe that was stored in training: the cosines of its pairs, and their B where the
 * probe has this ridge, number by number, bit for bit.
 */
export function compareWithProbe(
  probe: RepulsionResult | undefined,
  ridge: number,
  { b, cosine }: PairMatrices,
): Pick<PreparedMatrix, 'stored' | 'compared'> {
  if (!probe) return { stored: 'none', compared: 0 };
  const at = probe.ridges.find(({ ridge: { value } }) => value === ridge);
  const numbers: [SymmetricMatrix, PairSample, Float64Array][] = [
    [cosine, probe.topPairs, probe.topPairs.cosine],
    [cosine, probe.randomPairs, probe.randomPairs.cosine],
  ];
  if (at) numbers.push([b, probe.topPairs, at.top.b], [b, probe.randomPairs, at.random.b]);
  const same = numbers.every(([matrix, { first, second }, values]) =>
    values.every((value, i) => Object.is(entryOf(matrix, first[i], second[i]), value)),
  );
  const compared = numbers.reduce((sum, [, , values]) => sum + values.length, 0);
  return { stored: same ? 'identical' : 'different', compared };
}
