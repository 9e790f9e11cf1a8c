// Features where a probe asks for them, and what the sums of the feature Gram need beside its products (products.ts).
import { activate } from './activation';
import { hiddenPanel } from './layers';
import { gramUnits } from './products';

/** F of the rows, [panels, rows, 8]. */
export function featurePanels(
  kind: i32,
  W: usize,
  wRows: i32,
  first: usize,
  second: usize,
  rows: i32,
  panels: i32,
  target: usize,
): void {
  for (let panel = 0; panel < panels; panel++) {
    hiddenPanel(W + ((<usize>panel * wRows) << 5), first, second, rows, target);
    activate(kind, target, (<usize>rows) << 5);
    target += (<usize>rows) << 5;
  }
}

/**
 * F~ = F minus its column means, in place.
 * @param count rows of F; those from `count` to `rows` are padding and become 0
 * @param columnSums s, [8 panels] float64
 * @param along F~ s, [count] float64
 */
export function centrePanels(
  features: usize,
  count: i32,
  rows: i32,
  panels: i32,
  columnSums: usize,
  along: usize,
): void {
  memory.fill(along, 0, (<usize>count) << 3);
  for (let panel = 0; panel < panels; panel++, columnSums += 64) {
    sumColumns(features, count, columnSums);
    centreColumns(features, count, columnSums, along);
    memory.fill(features + ((<usize>count) << 5), 0, (<usize>(rows - count)) << 5);
    features += (<usize>rows) << 5;
  }
}

/** The third and fourth number, as float64. */
function promoteHigh(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}

/** Of the eight columns of a panel. */
function sumColumns(panel: usize, count: i32, columnSums: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = panel + ((<usize>count) << 5);
  for (let at = panel; at < end; at += 32) {
    const left = v128.load(at);
    const right = v128.load(at, 16);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(left));
    s1 = f64x2.add(s1, promoteHigh(left));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(right));
    s3 = f64x2.add(s3, promoteHigh(right));
  }
  v128.store(columnSums, s0);
  v128.store(columnSums, s1, 16);
  v128.store(columnSums, s2, 32);
  v128.store(columnSums, s3, 48);
}

/** Takes the means of a panel's eight columns off them and adds what its rows have of F~ s. */
function centreColumns(panel: usize, count: i32, columnSums: usize, along: usize): void {
  const n = f64x2.splat(count);
  const s0 = v128.load(columnSums);
  const s1 = v128.load(columnSums, 16);
  const s2 = v128.load(columnSums, 32);
  const s3 = v128.load(columnSums, 48);
  const mean0 = f64x2.div(s0, n);
  const mean1 = f64x2.div(s1, n);
  const mean2 = f64x2.div(s2, n);
  const mean3 = f64x2.div(s3, n);
  const end = panel + ((<usize>count) << 5);
  for (let at = panel; at < end; at += 32, along += 8) {
    const left = v128.load(at);
    const right = v128.load(at, 16);
    const centredLeft = v128.shuffle<f32>(
      f32x4.demote_f64x2_zero(f64x2.sub(f64x2.promote_low_f32x4(left), mean0)),
      f32x4.demote_f64x2_zero(f64x2.sub(promoteHigh(left), mean1)),
      0,
      1,
      4,
      5,
    );
    const centredRight = v128.shuffle<f32>(
      f32x4.demote_f64x2_zero(f64x2.sub(f64x2.promote_low_f32x4(right), mean2)),
      f32x4.demote_f64x2_zero(f64x2.sub(promoteHigh(right), mean3)),
      0,
      1,
      4,
      5,
    );
    v128.store(at, centredLeft);
    v128.store(at, centredRight, 16);
    const products = f64x2.add(
      f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(centredLeft), s0), f64x2.mul(promoteHigh(centredLeft), s1)),
      f64x2.add(
        f64x2.mul(f64x2.promote_low_f32x4(centredRight), s2),
        f64x2.mul(promoteHigh(centredRight), s3),
      ),
    );
    store<f64>(along, load<f64>(along) + (f64x2.extract_lane(products, 0) + f64x2.extract_lane(products, 1)));
  }
}

/** 96 units of F~ from `unit` on, `depth` rows from `row` on, as 16 left panels [depth, 6]; units past the last panel are 0. */
export function packGramLeft(
  features: usize,
  rows: i32,
  panels: i32,
  unit: i32,
  row: i32,
  depth: i32,
  left: usize,
): void {
  const panelBytes = (<usize>rows) << 5;
  const targetBytes = <usize>depth * 24;
  const first = unit >> 3;
  // Three panels of 8 units are four of 6.
  for (let i = 0; i < gramUnits / 8; i += 3, left += 4 * targetBytes) {
    const from = features + <usize>(first + i) * panelBytes + ((<usize>row) << 5);
    const present = min(3, panels - first - i);
    if (present == 3) packThreePanels(from, panelBytes, depth, left, targetBytes);
    else packEdge(from, panelBytes, present, depth, left, targetBytes);
  }
}

function packThreePanels(from: usize, panelBytes: usize, depth: i32, to: usize, targetBytes: usize): void {
  const end = from + ((<usize>depth) << 5);
  for (; from < end; from += 32, to += 24) {
    const a0 = v128.load(from);
    const a1 = v128.load(from, 16);
    const b0 = v128.load(from + panelBytes);
    const b1 = v128.load(from + panelBytes, 16);
    const c0 = v128.load(from + 2 * panelBytes);
    const c1 = v128.load(from + 2 * panelBytes, 16);
    v128.store(to, a0);
    v128.store64_lane(to, a1, 0, 16);
    let at = to + targetBytes;
    v128.store(at, v128.shuffle<f32>(a1, b0, 2, 3, 4, 5));
    v128.store64_lane(at, b0, 1, 16);
    at += targetBytes;
    v128.store(at, b1);
    v128.store64_lane(at, c0, 0, 16);
    at += targetBytes;
    v128.store(at, v128.shuffle<f32>(c0, c1, 2, 3, 4, 5));
    v128.store64_lane(at, c1, 1, 16);
  }
}

/** The same where only the first `present` of the three panels are there. */
function packEdge(
  from: usize,
  panelBytes: usize,
  present: i32,
  depth: i32,
  left: usize,
  targetBytes: usize,
): void {
  for (let i = 0; i < 24; i++) {
    const group = i / 6;
    let to = left + <usize>group * targetBytes + ((i - group * 6) << 2);
    const panel = i >> 3;
    let at = from + <usize>panel * panelBytes + ((i & 7) << 2);
    for (let p = 0; p < depth; p++, to += 24, at += 32) store<f32>(to, panel < present ? load<f32>(at) : 0);
  }
}

/**
 * Adds [sum |G_jl|, sum |G_jj|, sum G_jl^2] of 96 rows of the Gram from `unit` on, as `gramTiles` leaves them: entries right of the diagonal twice, those
 * left of it not at all.
 * @param sums [3] float64
 */
export function reduceGram(block: usize, unit: i32, firstPanel: i32, panels: i32, sums: usize): void {
  let absolute = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let diagonal: f64 = 0;
  let edgeAbsolute: f64 = 0;
  let edgeSquares: f64 = 0;
  for (let panel = firstPanel; panel < panels; panel++) {
    const last = min(gramUnits, panel * 8 + 8 - unit);
    for (let i = 0; i < last; i++) {
      const at = block + ((<usize>panel * gramUnits + i) << 5);
      const from = unit + i - panel * 8;
      if (from < 0) {
        for (let lane = 0; lane < 8; lane += 2) {
          const pair = f64x2.promote_low_f32x4(v128.load64_zero(at + (lane << 2)));
          absolute = f64x2.add(absolute, f64x2.abs(pair));
          squares = f64x2.add(squares, f64x2.mul(pair, pair));
        }
        continue;
      }
      const own = <f64>load<f32>(at + (from << 2));
      diagonal += Math.abs(own);
      edgeAbsolute += Math.abs(own) / 2;
      edgeSquares += (own * own) / 2;
      for (let lane = from + 1; lane < 8; lane++) {
        const entry = <f64>load<f32>(at + (lane << 2));
        edgeAbsolute += Math.abs(entry);
        edgeSquares += entry * entry;
      }
    }
  }
  const across = f64x2.extract_lane(absolute, 0) + f64x2.extract_lane(absolute, 1) + edgeAbsolute;
  const acrossSquares = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1) + edgeSquares;
  store<f64>(sums, load<f64>(sums) + 2 * across);
  store<f64>(sums, load<f64>(sums, 8) + diagonal, 8);
  store<f64>(sums, load<f64>(sums, 16) + 2 * acrossSquares, 16);
}
