// What the engine calls (../kernels.ts names the same). All memory is the engine's to lay out: addresses come in, nothing is allocated here.
import { madd32 } from './tile';

export { packColumns32, unpackColumns32, packV, unpackV, unpackOutputs, packGradient } from './pack';
export { hiddenAcross, slopePanels, scatterPanels } from './layers';
export { forwardTiles, backwardTiles, gramTiles, product64 } from './products';
export { packRows, packColumns, factorBlock, invertBlock, negate, placeBlock } from './dense';
export { centreRows, dotRows, solveFactor } from './thin';
export { featurePanels, centrePanels, packGramLeft, reduceGram } from './gram';

/** Where the engine may lay out its memory from. */
export function heapBase(): usize {
  return __heap_base;
}

/** Whether a b + c is rounded once here: (1 + 2^-12)^2 - 1 - 2^-11 is 2^-24 then, and 0 otherwise. */
export function roundsOnce(): bool {
  const x = f32x4.splat(<f32>(1.0 + 1.0 / 4096.0));
  const rest = madd32(x, x, f32x4.splat(<f32>(-1.0 - 1.0 / 2048.0)));
  return f32x4.extract_lane(rest, 0) != 0;
}
