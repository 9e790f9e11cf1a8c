import { stepAdam } from './adam-step.ts';
import { dotProducts } from './dot-products.ts';
import { addProducts } from './panels.ts';

/**
 * Loops over every number of a layer, once an epoch. What they compute is defined by these functions to the last rounding, so an engine may bring
 * faster ones that give the same bits, and a run is the same run.
 */
export interface Loops {
  readonly stepAdam: typeof stepAdam;
  readonly dotProducts: typeof dotProducts;
  readonly addProducts: typeof addProducts;
}

export const plainLoops: Loops = { stepAdam, dotProducts, addProducts };
