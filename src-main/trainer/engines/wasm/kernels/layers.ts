// The two layers over rows, but for their products (products.ts). Units of the hidden layer lie in panels of 8: W [panels, wRows, 8], so that a panel's share
// of W (and of dW) stays in a core's first cache while rows look up in it. `first` and `second` are byte offsets of each row's look-ups within a panel.
import { activate, activateWithSlope } from './activation';

/**
 * sigma(h) of a block of rows for the panels of W from `W` on, turned so that rows are lanes: the right side of O = F V.
 * @param rows a multiple of 8
 * @param hidden [rows/8, 8 panels, 8 rows]
 */
export function hiddenAcross(
  kind: i32,
  W: usize,
  wRows: i32,
  first: usize,
  second: usize,
  rows: i32,
  panels: i32,
  hidden: usize,
): void {
  const panelBytes = (<usize>wRows) << 5;
  const groupBytes = (<usize>panels) << 8;
  for (let row = 0; row < rows; row += 8, first += 32, second += 32, hidden += groupBytes) {
    fourAcross(W, panelBytes, first, second, panels, hidden);
    fourAcross(W, panelBytes, first + 16, second + 16, panels, hidden + 16);
    activate(kind, hidden, groupBytes);
  }
}

/** h of four rows: written to [8 count units, 8 rows], at a lane of 0 or 4. */
function fourAcross(W: usize, panelBytes: usize, first: usize, second: usize, count: i32, to: usize): void {
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

/** F and sigma'(h) of a block of rows for the panels of W from `W` on, [panels, rows, 8] each. */
export function slopePanels(
  kind: i32,
  W: usize,
  wRows: i32,
  first: usize,
  second: usize,
  rows: i32,
  panels: i32,
  features: usize,
  slopes: usize,
): void {
  const bytes = (<usize>rows) << 5;
  for (let panel = 0; panel < panels; panel++, features += bytes, slopes += bytes) {
    hiddenPanel(W + ((<usize>panel * wRows) << 5), first, second, rows, features);
    activateWithSlope(kind, features, slopes, bytes);
  }
}

/** dW[first[i]] += dh[i] and dW[second[i]] += dh[i] for the panels of dW from `dW` on; dh [panels, rows, 8]. */
export function scatterPanels(
  dW: usize,
  wRows: i32,
  first: usize,
  second: usize,
  rows: i32,
  panels: i32,
  dh: usize,
): void {
  for (let panel = 0; panel < panels; panel++, dh += (<usize>rows) << 5) {
    scatterPanel(dW + ((<usize>panel * wRows) << 5), first, second, rows, dh);
  }
}

/** For one panel; equal neighbours in `first`, by which rows are sorted, are summed before they are stored. */
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
