// Between the arrays of the science, row by row, and panels: `lanes` vectors interleaved, element by element, the last padded with 0.

/** Matrix [rows, columns] float32 into panels of 8 columns, [columns/8, panelRows, 8]; `panelRows` >= rows, the rest is 0. */
export function packColumns32(source: usize, rows: i32, columns: i32, panelRows: i32, target: usize): void {
  for (let left = 0; left < columns; left += 8) {
    const used = min(8, columns - left);
    for (let row = 0; row < panelRows; row++) {
      const from = source + ((<usize>row * columns + left) << 2);
      if (row < rows && used == 8) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
      } else {
        for (let lane = 0; lane < 8; lane++) {
          const value = row < rows && lane < used ? load<f32>(from + (lane << 2)) : 0;
          store<f32>(target + (lane << 2), value);
        }
      }
      target += 32;
    }
  }
}

/** The inverse of `packColumns32`, without the padding. */
export function unpackColumns32(source: usize, rows: i32, columns: i32, panelRows: i32, target: usize): void {
  for (let left = 0; left < columns; left += 8) {
    const used = min(8, columns - left);
    for (let row = 0; row < rows; row++) {
      const from = source + ((<usize>(left >> 3) * panelRows + row) << 5);
      const to = target + ((<usize>row * columns + left) << 2);
      if (used == 8) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else
        for (let lane = 0; lane < used; lane++) store<f32>(to + (lane << 2), load<f32>(from + (lane << 2)));
    }
  }
}

/**
 * V [width, classes] twice over: for O = F V as the left side, [classPanels, 8 panels, 6 classes]; for dF = dO V' as the right side,
 * [panels, classes, 8 units]. `panels` holds the width, 8 units each.
 */
export function packV(
  V: usize,
  width: i32,
  classes: i32,
  classPanels: i32,
  panels: i32,
  left: usize,
  right: usize,
): void {
  const units = panels * 8;
  memory.fill(left, 0, <usize>classPanels * units * 24);
  memory.fill(right, 0, (<usize>panels * classes) << 5);
  for (let k = 0; k < width; k++) {
    const across = right + ((<usize>(k >> 3) * classes) << 5) + ((k & 7) << 2);
    for (let panel = 0, c = 0; panel < classPanels; panel++) {
      const to = left + (<usize>panel * units + k) * 24;
      const used = min(6, classes - c);
      for (let lane = 0; lane < used; lane++, c++) {
        const value = load<f32>(V);
        V += 4;
        store<f32>(to + (lane << 2), value);
        store<f32>(across + ((<usize>c) << 5), value);
      }
    }
  }
}

/** dV as `backward` leaves it, [panels, 6 classPanels, 8 units], into [width, classes]. */
export function unpackV(source: usize, width: i32, classes: i32, classPanels: i32, target: usize): void {
  for (let k = 0; k < width; k++) {
    const from = source + ((<usize>(k >> 3) * classPanels * 6) << 5) + ((k & 7) << 2);
    for (let c = 0; c < classes; c++, target += 4) store<f32>(target, load<f32>(from + ((<usize>c) << 5)));
  }
}

/** O as `forward` leaves it, [rows/8, 6 classPanels, 8 rows], into [count, classes]; row i goes to place order[i]. */
export function unpackOutputs(
  source: usize,
  order: usize,
  count: i32,
  classes: i32,
  classPanels: i32,
  target: usize,
): void {
  for (let i = 0; i < count; i++) {
    const from = source + ((<usize>(i >> 3) * classPanels * 6) << 5) + ((i & 7) << 2);
    let to = target + ((<usize>load<i32>(order + (i << 2)) * classes) << 2);
    for (let c = 0; c < classes; c++, to += 4) store<f32>(to, load<f32>(from + ((<usize>c) << 5)));
  }
}

/**
 * dO [count, classes], row i taken from place order[i], twice over: for dV = F'dO as the left side, [classPanels, rows, 6 classes]; for
 * dF = dO V' as the left side, [rows/6, classes, 6 rows].
 */
export function packGradient(
  source: usize,
  order: usize,
  count: i32,
  rows: i32,
  classes: i32,
  classPanels: i32,
  byClass: usize,
  byRow: usize,
): void {
  memory.fill(byClass, 0, <usize>classPanels * rows * 24);
  memory.fill(byRow, 0, (<usize>rows * classes) << 2);
  for (let i = 0; i < count; i++) {
    let from = source + ((<usize>load<i32>(order + (i << 2)) * classes) << 2);
    const group = i / 6;
    let across = byRow + <usize>group * classes * 24 + ((i - group * 6) << 2);
    for (let panel = 0, c = 0; panel < classPanels; panel++) {
      const to = byClass + (<usize>panel * rows + i) * 24;
      const used = min(6, classes - c);
      for (let lane = 0; lane < used; lane++, c++) {
        const value = load<f32>(from);
        from += 4;
        store<f32>(to + (lane << 2), value);
        store<f32>(across, value);
        across += 24;
      }
    }
  }
}
