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
    for (let lane = 0; lane < 8; lane += 2)
      centreTwo(features + (lane << 2), count, columnSums + (lane << 3), along);
    memory.fill(features + ((<usize>count) << 5), 0, (<usize>(rows - count)) << 5);
    features += (<usize>rows) << 5;
  }
}

/** Two neighbouring columns of a panel. */
function centreTwo(column: usize, count: i32, columnSums: usize, along: usize): void {
  let sums = f64x2.splat(0);
  const end = column + ((<usize>count) << 5);
  for (let at = column; at < end; at += 32)
    sums = f64x2.add(sums, f64x2.promote_low_f32x4(v128.load64_zero(at)));
  v128.store(columnSums, sums);
  const means = f64x2.div(sums, f64x2.splat(count));
  for (let at = column; at < end; at += 32, along += 8) {
    const centred = f32x4.demote_f64x2_zero(f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(at)), means));
    v128.store64_lane(at, centred, 0);
    const products = f64x2.mul(f64x2.promote_low_f32x4(centred), sums);
    store<f64>(along, load<f64>(along) + f64x2.extract_lane(products, 0) + f64x2.extract_lane(products, 1));
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
  for (let i = 0; i < gramUnits; i++) {
    const group = i / 6;
    let to = left + <usize>group * depth * 24 + ((i - group * 6) << 2);
    const panel = (unit + i) >> 3;
    let from = features + ((<usize>panel * rows + row) << 5) + (((unit + i) & 7) << 2);
    for (let p = 0; p < depth; p++, to += 24, from += 32)
      store<f32>(to, panel < panels ? load<f32>(from) : 0);
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
