import type { ReadFeatures } from '#shared/science/gram-algebra.ts';
import type { Rows } from '#shared/science/network.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { panelUnits } from './layer-passes.ts';
import type { PanelShape } from './layer-passes.ts';
import type { Kernels } from './load-kernels.ts';
import { lookupsOf } from './row-lookups.ts';

/** 0.2 MB of F for K = 2048. */
const rowsAtOnce = 24;

/**
 * F in the task's order of rows, made where it is read: look-ups and sigma take a hundredth of what a probe does with it.
 * @param W as the kernels read it, an address
 */
export function readFeatures(
  kernels: Kernels,
  memory: KernelMemory,
  shape: PanelShape,
  rows: Rows,
  W: number,
): ReadFeatures {
  const { kind, modulus, width, panels, wRows } = shape;
  const first = memory.reserve(4 * rowsAtOnce);
  const second = memory.reserve(4 * rowsAtOnce);
  const block = memory.reserve(4 * panelUnits * panels * rowsAtOnce);
  return (row, into) => {
    const end = row + into.length / width;
    for (let start = row; start < end; start += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, end - start);
      const lookups = lookupsOf(rows, modulus, start, count);
      memory.int32(first, count).set(lookups.first);
      memory.int32(second, count).set(lookups.second);
      kernels.featurePanels(kind, W, wRows, first, second, count, panels, block);
      const values = memory.float32(block, panelUnits * panels * count);
      turnPanels(values, count, width, into.subarray((start - row) * width));
    }
  };
}

/** @param values [panels, count, 8] */
function turnPanels(values: Float32Array, count: number, width: number, into: Float32Array): void {
  for (let i = 0, to = 0; i < count; i++) {
    for (let unit = 0; unit < width; unit += panelUnits) {
      const end = Math.min(panelUnits, width - unit);
      for (let lane = 0, from = unit * count + panelUnits * i; lane < end; lane++)
        into[to++] = values[from++];
    }
  }
}
