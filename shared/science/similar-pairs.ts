import type { PairSample } from './repulsion-result.ts';

/** How many candidates may wait between two sorts, beside those that are kept. */
const waiting = 4096;

/**
 * cos(f_j, f_l) = G_jl / sqrt(G_jj G_ll) of two centred feature columns; 0 when one of them is 0 (a dead unit is similar to none).
 * @param gram G, [width, width]: its upper triangle
 * @param norms sqrt(G_jj), [width]
 */
export function cosineOf(
  gram: Float64Array,
  norms: Float64Array,
  width: number,
  j: number,
  l: number,
): number {
  const scale = norms[j] * norms[l];
  return scale > 0 ? gram[Math.min(j, l) * width + Math.max(j, l)] / scale : 0;
}

/** sqrt(G_jj), the lengths of the centred columns, [width]. */
export function columnNorms(gram: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, j) => Math.sqrt(gram[j * width + j]));
}

/**
 * The `count` pairs of largest |cos| (all of them, if there are fewer), largest first; of equals, the one that comes first in
 * the order (0, 1), (0, 2), ..., (1, 2), ...
 * @param gram G = F~'F~, [width, width]: its upper triangle
 */
export function mostSimilarPairs(gram: Float64Array, width: number, count: number): PairSample {
  const norms = columnNorms(gram, width);
  let candidates: { j: number; l: number; cosine: number }[] = [];
  // A candidate must beat this: the smallest |cos| that was kept at the last sort. Equals found later rank behind, so `>` is right.
  let bar = -1;
  const keepBest = (): void => {
    // The sort is stable, so equals stay in the order they were found in.
    candidates.sort((x, y) => Math.abs(y.cosine) - Math.abs(x.cosine));
    candidates = candidates.slice(0, count);
    const worst = candidates.at(-1);
    if (worst && candidates.length === count) bar = Math.abs(worst.cosine);
  };
  for (let j = 0; j < width; j++) {
    for (let l = j + 1; l < width; l++) {
      const cosine = cosineOf(gram, norms, width, j, l);
      if (Math.abs(cosine) > bar) {
        candidates.push({ j, l, cosine });
        if (candidates.length >= count + waiting) keepBest();
      }
    }
  }
  keepBest();
  return {
    first: Int32Array.from(candidates, ({ j }) => j),
    second: Int32Array.from(candidates, ({ l }) => l),
    cosine: Float64Array.from(candidates, ({ cosine }) => cosine),
  };
}
