// The two layers over blocks of rows and of panels that stay in a core's second cache: look-ups and sigma by the kernels, products by tiles.
// No [n, K] matrix is kept: what is needed of F is made again where it is needed.
import { add, store } from './load-kernels.ts';
import type { Kernels } from './load-kernels.ts';
import type { RowLookups } from './row-lookups.ts';

/** Units of the hidden layer, and columns of a float32 tile, in a panel. */
export const panelUnits = 8;
/** Classes in a panel of the left side of a tile. */
export const panelClasses = 6;

/** `forward` takes 32 panels (of W 4.5 KB and of V 2.3 KB each for M = 71) and 96 rows at a time; rows are a multiple of 8. */
const forwardPanels = 32;
const forwardRows = 96;
/** `backward` takes as many rows, whose dO is there twice, and fewer panels, whose F and slopes are; rows are a multiple of 6. */
const backwardPanels = 16;
const backwardRows = 96;

/** Numbers of scratch that the passes need. */
export const hiddenScratch = forwardPanels * forwardRows * panelUnits;
export const slopesScratch = backwardPanels * backwardRows * panelUnits;

/** Shapes of the task in panels. */
export interface PanelShape {
  readonly kind: number;
  readonly modulus: number;
  readonly width: number;
  readonly panels: number;
  readonly classPanels: number;
  /** Rows of W with the row of zeros. */
  readonly wRows: number;
}

/** Weights as the kernels read them; addresses. */
export interface PackedWeights {
  /** [panels, 2M + 1, 8]. */
  readonly W: number;
  /** Left side of O = F V. */
  readonly V: number;
  /** Right side of dF = dO V'. */
  readonly VT: number;
}

/**
 * O = sigma(W[a] + W[M + b]) V.
 * @param hidden scratch, `hiddenScratch` float32
 * @param out [rows/8, 6 classPanels, 8 rows] float32
 */
export function forward(
  kernels: Kernels,
  shape: PanelShape,
  weights: PackedWeights,
  { first, second, rows }: RowLookups,
  hidden: number,
  out: number,
): void {
  const { kind, wRows, panels, classPanels } = shape;
  const panelBytes = 4 * panelClasses * panels * panelUnits;
  for (let panel = 0; panel < panels; panel += forwardPanels) {
    const count = Math.min(forwardPanels, panels - panel);
    const W = weights.W + 4 * panelUnits * panel * wRows;
    const V = weights.V + 4 * panelClasses * panel * panelUnits;
    const how = panel === 0 ? store : add;
    for (let row = 0; row < rows; row += forwardRows) {
      const block = Math.min(forwardRows, rows - row);
      kernels.hiddenAcross(kind, W, wRows, first + 4 * row, second + 4 * row, block, count, hidden);
      const to = out + 4 * panelClasses * classPanels * row;
      kernels.forwardTiles(count * panelUnits, V, panelBytes, classPanels, hidden, block / 8, to, how);
    }
  }
}

/** Addresses of what `backward` reads and writes. */
export interface BackwardPlaces {
  /** dO as `packGradient` leaves it. */
  readonly gradientByClass: number;
  readonly gradientByRow: number;
  /** Scratch, `slopesScratch` float32 each. */
  readonly features: number;
  readonly slopes: number;
  /** [panels, wRows, 8] float32, zeroed. */
  readonly dW: number;
  /** [panels, 6 classPanels, 8 units] float32. */
  readonly dV: number;
}

/** dV = F'dO and dW, from dh = (dO V') o sigma'(h) added to the rows of W that were looked up. dO is 0 on the padding. */
export function backward(
  kernels: Kernels,
  shape: PanelShape,
  weights: PackedWeights,
  { first, second, rows }: RowLookups,
  at: BackwardPlaces,
): void {
  const { kind, modulus, wRows, panels, classPanels } = shape;
  for (let row = 0; row < rows; row += backwardRows) {
    const block = Math.min(backwardRows, rows - row);
    const how = row === 0 ? store : add;
    const [a, b] = [first + 4 * row, second + 4 * row];
    for (let panel = 0; panel < panels; panel += backwardPanels) {
      const count = Math.min(backwardPanels, panels - panel);
      const panelBytes = 4 * panelUnits * panel;
      kernels.slopePanels(
        kind,
        weights.W + panelBytes * wRows,
        wRows,
        a,
        b,
        block,
        count,
        at.features,
        at.slopes,
      );
      kernels.backwardTiles(
        block,
        modulus,
        classPanels,
        count,
        at.gradientByClass + 4 * panelClasses * row,
        4 * panelClasses * rows,
        at.gradientByRow + 4 * modulus * row,
        weights.VT + panelBytes * modulus,
        at.features,
        at.slopes,
        at.dV + panelBytes * panelClasses * classPanels,
        how,
      );
      kernels.scatterPanels(at.dW + panelBytes * wRows, wRows, a, b, block, count, at.slopes);
    }
  }
}
