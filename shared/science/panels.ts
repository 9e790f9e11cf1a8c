/**
 * The inner loop of every dense product here. V8 has no vector instructions, so speed comes from registers: vectors are packed
 * four abreast into a panel, and a 4 x 4 tile of dot products reads 8 numbers for 16 multiply-adds (7 GFLOP/s on the machine
 * this was written on, where a plain triple loop reaches 1).
 */
const lanes = 4;

/** Panels of one block that are visited together: 64 x 4 x 128 float64 are 256 KiB, and stay in a core's own cache. */
const panelsInCache = 64;

/** `count` vectors of `length` numbers. Panel i holds vectors 4i..4i+3 interleaved, element by element; the last is padded with 0. */
export interface Panels {
  readonly data: Float64Array;
  readonly count: number;
  readonly length: number;
}

/** A rectangle of a row-major matrix: its top left entry is at `offset`, the next row `stride` further. */
export interface Block {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
}

/**
 * The first `count` columns of a block of `length` rows, as vectors.
 * @param room of an earlier packing of as many columns and no fewer rows, which is overwritten
 */
export function packColumns(
  block: Omit<Block, 'data'> & { readonly data: Float64Array | Float32Array },
  length: number,
  count: number,
  room: Panels | null = null,
): Panels {
  const { data: source, offset, stride } = block;
  const panelCount = Math.ceil(count / lanes);
  const size = panelCount * lanes * length;
  const data = room === null ? new Float64Array(size) : room.data.subarray(0, size).fill(0);
  for (let p = 0; p < length; p++) {
    let from = offset + p * stride;
    for (let panel = 0; panel < panelCount; panel++) {
      const to = (panel * length + p) * lanes;
      const used = Math.min(lanes, count - panel * lanes);
      for (let lane = 0; lane < used; lane++) data[to + lane] = source[from++];
    }
  }
  return { data, count, length };
}

/**
 * The first `count` rows of a block of `length` columns, as vectors.
 * @param room of an earlier packing of no fewer rows, which is overwritten
 */
export function packRows(block: Block, count: number, length: number, room: Panels | null = null): Panels {
  const { data: source, offset, stride } = block;
  const size = Math.ceil(count / lanes) * lanes * length;
  const data = room === null ? new Float64Array(size) : room.data.subarray(0, size).fill(0);
  for (let row = 0; row < count; row++) {
    const lane = row % lanes;
    let to = (row - lane) * length + lane;
    let from = offset + row * stride;
    for (let p = 0; p < length; p++, to += lanes) data[to] = source[from++];
  }
  return { data, count, length };
}

/** The inverse of `packRows`. */
export function unpackRows(panels: Panels, block: Block): void {
  const { data, count, length } = panels;
  for (let row = 0; row < count; row++) {
    const lane = row % lanes;
    let from = (row - lane) * length + lane;
    let to = block.offset + row * block.stride;
    for (let p = 0; p < length; p++, from += lanes) block.data[to++] = data[from];
  }
}

/**
 * target[i, j] += scale * (left vector i . right vector j), for all i, j; or with `lower` only for the tiles that touch j <= i
 * (entries of a diagonal tile above the diagonal are then written too). Both sides have the same length.
 */
export function addProducts(
  target: Block,
  left: Panels,
  right: Panels,
  scale: number,
  part: 'all' | 'lower',
): void {
  const { length } = left;
  const tile = new Float64Array(lanes * lanes);
  const leftPanels = Math.ceil(left.count / lanes);
  const rightPanels = Math.ceil(right.count / lanes);
  for (let first = 0; first < rightPanels; first += panelsInCache) {
    const last = Math.min(first + panelsInCache, rightPanels);
    for (let i = part === 'lower' ? first : 0; i < leftPanels; i++) {
      const end = part === 'lower' ? Math.min(last, i + 1) : last;
      for (let j = first; j < end; j++) {
        multiplyTile(left.data, i * lanes * length, right.data, j * lanes * length, length, tile);
        addTile(target, tile, scale, i * lanes, j * lanes, left.count, right.count);
      }
    }
  }
}

function addTile(
  target: Block,
  tile: Float64Array,
  scale: number,
  row: number,
  column: number,
  rows: number,
  columns: number,
): void {
  const { data, stride } = target;
  const height = Math.min(lanes, rows - row);
  const width = Math.min(lanes, columns - column);
  let at = target.offset + row * stride + column;
  for (let i = 0; i < height; i++, at += stride) {
    for (let j = 0; j < width; j++) data[at + j] += scale * tile[i * lanes + j];
  }
}

/** tile[4i + j] = panel a's vector i . panel b's vector j. */
function multiplyTile(
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  length: number,
  tile: Float64Array,
): void {
  let t00 = 0;
  let t01 = 0;
  let t02 = 0;
  let t03 = 0;
  let t10 = 0;
  let t11 = 0;
  let t12 = 0;
  let t13 = 0;
  let t20 = 0;
  let t21 = 0;
  let t22 = 0;
  let t23 = 0;
  let t30 = 0;
  let t31 = 0;
  let t32 = 0;
  let t33 = 0;
  for (let p = 0; p < length; p++) {
    const b0 = b[bAt];
    const b1 = b[bAt + 1];
    const b2 = b[bAt + 2];
    const b3 = b[bAt + 3];
    let x = a[aAt];
    t00 += x * b0;
    t01 += x * b1;
    t02 += x * b2;
    t03 += x * b3;
    x = a[aAt + 1];
    t10 += x * b0;
    t11 += x * b1;
    t12 += x * b2;
    t13 += x * b3;
    x = a[aAt + 2];
    t20 += x * b0;
    t21 += x * b1;
    t22 += x * b2;
    t23 += x * b3;
    x = a[aAt + 3];
    t30 += x * b0;
    t31 += x * b1;
    t32 += x * b2;
    t33 += x * b3;
    aAt += 4;
    bAt += 4;
  }
  tile[0] = t00;
  tile[1] = t01;
  tile[2] = t02;
  tile[3] = t03;
  tile[4] = t10;
  tile[5] = t11;
  tile[6] = t12;
  tile[7] = t13;
  tile[8] = t20;
  tile[9] = t21;
  tile[10] = t22;
  tile[11] = t23;
  tile[12] = t30;
  tile[13] = t31;
  tile[14] = t32;
  tile[15] = t33;
}
