// The products, which take nearly all of the time: tiles over packed panels, and nothing else. ../../native/products.c is the same with wider
// vectors, in the same order of sums, so that either gives the same bits where multiply-adds are fused.
import { ADD, MULTIPLY, STORE, tile32, tile64 } from './tile';

/** Units of a block of the Gram's rows: a multiple of 6 and 8. */
export const gramUnits: i32 = 96;
/** Right panels that stay in the second cache together: 64 x 4 x 120 float64 are 245 KB. */
const panelsAtOnce: i32 = 64;

/**
 * O = or += F V for a block of units and of rows.
 * @param V left panels [units, 6], `panelBytes` from one of the `classPanels` to the next
 * @param hidden right panels, [groups, units, 8 rows]
 * @param out [groups, classPanels, 6, 8 rows]
 */
export function forwardTiles(
  units: i32,
  V: usize,
  panelBytes: usize,
  classPanels: i32,
  hidden: usize,
  groups: i32,
  out: usize,
  how: i32,
): void {
  for (let group = 0; group < groups; group++, hidden += (<usize>units) << 5) {
    let left = V;
    for (let p = 0; p < classPanels; p++, left += panelBytes, out += 192) {
      tile32(units, left, hidden, out, 32, how);
    }
  }
}

/**
 * dV = or += F'dO, and dh = sigma'(h) o dO V' in place of the slopes, for a block of rows and of panels.
 * @param rows a multiple of 6
 * @param byClass dO as left panels [rows, 6], `classBytes` from one of the `classPanels` to the next
 * @param byRow dO as left panels, [rows/6, classes, 6]
 * @param VT [panels, classes, 8 units]
 * @param features, slopes [panels, rows, 8]
 * @param dV [panels, 6 classPanels, 8 units]
 */
export function backwardTiles(
  rows: i32,
  classes: i32,
  classPanels: i32,
  panels: i32,
  byClass: usize,
  classBytes: usize,
  byRow: usize,
  VT: usize,
  features: usize,
  slopes: usize,
  dV: usize,
  how: i32,
): void {
  const groupBytes = <usize>classes * 24;
  const panelBytes = (<usize>rows) << 5;
  for (let panel = 0; panel < panels; panel++, features += panelBytes, VT += (<usize>classes) << 5) {
    let left = byClass;
    for (let p = 0; p < classPanels; p++, left += classBytes, dV += 192) {
      tile32(rows, left, features, dV, 32, how);
    }
    let group = byRow;
    for (let i = 0; i < rows; i += 6, group += groupBytes, slopes += 192) {
      tile32(classes, group, VT, slopes, 32, MULTIPLY);
    }
  }
}

/**
 * 96 rows of the Gram from `unit` on = or += F~'F~ of a block of rows of F~. Tiles wholly below the diagonal may be left out.
 * @param left [16, depth, 6], as `packGramLeft` leaves it
 * @param features right panels [depth, 8], `panelBytes` from panel 0 to the next
 * @param block [panels, 96, 8]
 */
export function gramTiles(
  depth: i32,
  left: usize,
  unit: i32,
  features: usize,
  panelBytes: usize,
  firstPanel: i32,
  panels: i32,
  block: usize,
  how: i32,
): void {
  for (let panel = firstPanel; panel < panels; panel++) {
    const right = features + panel * panelBytes;
    const to = block + ((<usize>panel * gramUnits) << 5);
    const last = min(gramUnits, panel * 8 + 8 - unit);
    for (let i = 0; i < last; i += 6) {
      tile32(depth, left + <usize>i * depth * 4, right, to + ((<usize>i) << 5), 32, how);
    }
  }
}

/**
 * C[i, j] = or += or -= left vector i . right vector j; with `lower` only tiles that touch j <= i, in full.
 * @param n numbers in a row of C
 * @param tile scratch, [6, 4], for tiles that reach over the edge
 */
export function product64(
  C: usize,
  n: i32,
  left: usize,
  rows: i32,
  right: usize,
  columns: i32,
  depth: i32,
  how: i32,
  lower: i32,
  tile: usize,
): void {
  const stride = (<usize>n) << 3;
  for (let start = 0; start < columns; start += panelsAtOnce * 4) {
    const end = min(columns, start + panelsAtOnce * 4);
    for (let i = lower ? (start / 6) * 6 : 0; i < rows; i += 6) {
      const a = left + ((<usize>i * depth) << 3);
      const last = lower ? min(end, i + 6) : end;
      for (let j = start; j < last; j += 4) {
        const b = right + ((<usize>j * depth) << 3);
        const c = C + ((<usize>i * n + j) << 3);
        if (i + 6 <= rows && j + 4 <= columns) tile64(depth, a, b, c, stride, how);
        else {
          tile64(depth, a, b, tile, 32, STORE);
          mergeEdge(tile, c, stride, min(6, rows - i), min(4, columns - j), how);
        }
      }
    }
  }
}

function mergeEdge(tile: usize, c: usize, stride: usize, height: i32, width: i32, how: i32): void {
  for (let i = 0; i < height; i++, c += stride, tile += 32) {
    for (let j = 0; j < width; j++) {
      const value = load<f64>(tile + (j << 3));
      const at = c + (j << 3);
      if (how == STORE) store<f64>(at, value);
      else if (how == ADD) store<f64>(at, load<f64>(at) + value);
      else store<f64>(at, load<f64>(at) - value);
    }
  }
}
