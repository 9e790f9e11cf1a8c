// The two layers over rows. Units of the hidden layer lie in panels of 8: W [panels, wRows, 8], so that a panel's share of W (and of dW) stays
// in a core's first cache while all rows look up in it. No [n, K] matrix is ever stored: what is needed of F is made again where it is needed.
import { activate, activateWithSlope } from './activation';
import { ADD, MULTIPLY, STORE, tile32 } from './tile';

/** Panels whose W and V stay in the second cache while `forward` passes over the rows: 32 x (W 4.5 KB + V 2.3 KB) for M = 71. */
const panelsAtOnce: i32 = 32;
/** Rows a pass of `backward` takes: their dO, twice packed, stays in the second cache. A multiple of 6. */
const rowsAtOnce: i32 = 96;

/**
 * O = sigma(W[a] + W[M + b]) V.
 * @param first, second byte offsets of each row's look-ups within a panel of W, [rows]
 * @param rows a multiple of 8
 * @param hidden scratch, [32 panels, 8, 8]
 * @param out [rows/8, 6 classPanels, 8 rows]
 */
export function forward(
  kind: i32,
  W: usize,
  wRows: i32,
  V: usize,
  first: usize,
  second: usize,
  rows: i32,
  panels: i32,
  classPanels: i32,
  hidden: usize,
  out: usize,
): void {
  const panelBytes = (<usize>wRows) << 5;
  const unitsBytes = <usize>panels * 192;
  for (let panel = 0; panel < panels; panel += panelsAtOnce) {
    const count = min(panelsAtOnce, panels - panel);
    const how = panel == 0 ? STORE : ADD;
    let to = out;
    for (let row = 0; row < rows; row += 8) {
      const at = (<usize>row) << 2;
      hiddenAcross(W + panel * panelBytes, panelBytes, first + at, second + at, count, hidden);
      hiddenAcross(W + panel * panelBytes, panelBytes, first + at + 16, second + at + 16, count, hidden + 16);
      activate(kind, hidden, (<usize>count) << 8);
      let left = V + <usize>panel * 192;
      for (let p = 0; p < classPanels; p++, left += unitsBytes, to += 192) {
        tile32(count * 8, left, hidden, to, 32, how);
      }
    }
  }
}

/** h of four rows, turned so that rows are lanes: written to [8 count units, 8 rows], at a lane of 0 or 4. */
function hiddenAcross(W: usize, panelBytes: usize, first: usize, second: usize, count: i32, to: usize): void {
  let a0 = W + load<u32>(first);
  let a1 = W + load<u32>(first, 4);
  let a2 = W + load<u32>(first, 8);
  let a3 = W + load<u32>(first, 12);
  let b0 = W + load<u32>(second);
  let b1 = W + load<u32>(second, 4);
  let b2 = W + load<u32>(second, 8);
  let b3 = W + load<u32>(second, 12);
  for (let panel = 0; panel < count; panel++) {
    turn(
      f32x4.add(v128.load(a0), v128.load(b0)),
      f32x4.add(v128.load(a1), v128.load(b1)),
      f32x4.add(v128.load(a2), v128.load(b2)),
      f32x4.add(v128.load(a3), v128.load(b3)),
      to,
    );
    turn(
      f32x4.add(v128.load(a0, 16), v128.load(b0, 16)),
      f32x4.add(v128.load(a1, 16), v128.load(b1, 16)),
      f32x4.add(v128.load(a2, 16), v128.load(b2, 16)),
      f32x4.add(v128.load(a3, 16), v128.load(b3, 16)),
      to + 128,
    );
    to += 256;
    a0 += panelBytes;
    a1 += panelBytes;
    a2 += panelBytes;
    a3 += panelBytes;
    b0 += panelBytes;
    b1 += panelBytes;
    b2 += panelBytes;
    b3 += panelBytes;
  }
}

/** Four vectors as the columns of a 4 x 4 block whose rows are 32 bytes apart. */
function turn(x0: v128, x1: v128, x2: v128, x3: v128, to: usize): void {
  const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
}

/** h of the rows for one panel of W, [count, 8]. */
export function hiddenPanel(W: usize, first: usize, second: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++, first += 4, second += 4, to += 32) {
    const a = W + load<u32>(first);
    const b = W + load<u32>(second);
    v128.store(to, f32x4.add(v128.load(a), v128.load(b)));
    v128.store(to, f32x4.add(v128.load(a, 16), v128.load(b, 16)), 16);
  }
}

/**
 * dV = F'dO and dW, from dh = (dO V') o sigma'(h) added to the rows of W that were looked up.
 * @param VT [panels, classes, 8 units]
 * @param first, second as in `forward`; rows are sorted by `first`, so that its sums stay in registers
 * @param rows a multiple of 6; dO is 0 on the padding
 * @param byClass, byRow dO as `packGradient` leaves it
 * @param features, slopes scratch, [96, 8] each
 * @param dW [panels, wRows, 8]
 * @param dV [panels, 6 classPanels, 8 units]
 */
export function backward(
  kind: i32,
  W: usize,
  wRows: i32,
  VT: usize,
  first: usize,
  second: usize,
  rows: i32,
  panels: i32,
  classes: i32,
  classPanels: i32,
  byClass: usize,
  byRow: usize,
  features: usize,
  slopes: usize,
  dW: usize,
  dV: usize,
): void {
  const panelBytes = (<usize>wRows) << 5;
  const acrossBytes = (<usize>classes) << 5;
  memory.fill(dW, 0, panels * panelBytes);
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const count = min(rowsAtOnce, rows - row);
    const how = row == 0 ? STORE : ADD;
    const at = (<usize>row) << 2;
    let sums = dV;
    for (let panel = 0; panel < panels; panel++) {
      hiddenPanel(W + panel * panelBytes, first + at, second + at, count, features);
      activateWithSlope(kind, features, slopes, (<usize>count) << 5);
      let left = byClass + <usize>row * 24;
      for (let p = 0; p < classPanels; p++, left += <usize>rows * 24, sums += 192) {
        tile32(count, left, features, sums, 32, how);
      }
      let group = byRow + ((<usize>row * classes) << 2);
      const right = VT + panel * acrossBytes;
      for (let i = 0; i < count; i += 6, group += <usize>classes * 24) {
        tile32(classes, group, right, slopes + ((<usize>i) << 5), 32, MULTIPLY);
      }
      scatterPanel(dW + panel * panelBytes, first + at, second + at, count, slopes);
    }
  }
}

/** dW[first[i]] += dh[i] and dW[second[i]] += dh[i] for one panel; equal neighbours in `first` are summed before they are stored. */
function scatterPanel(dW: usize, first: usize, second: usize, count: i32, dh: usize): void {
  let current = load<u32>(first);
  let low = f32x4.splat(0);
  let high = low;
  for (let i = 0; i < count; i++, first += 4, second += 4, dh += 32) {
    const d0 = v128.load(dh);
    const d1 = v128.load(dh, 16);
    const row = load<u32>(first);
    if (row != current) {
      addTo(dW + current, low, high);
      current = row;
      low = d0;
      high = d1;
    } else {
      low = f32x4.add(low, d0);
      high = f32x4.add(high, d1);
    }
    addTo(dW + load<u32>(second), d0, d1);
  }
  addTo(dW + current, low, high);
}

function addTo(at: usize, low: v128, high: v128): void {
  v128.store(at, f32x4.add(v128.load(at), low));
  v128.store(at, f32x4.add(v128.load(at, 16), high), 16);
}
