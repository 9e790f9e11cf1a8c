import { createHash } from 'node:crypto';
import { plainLoops } from '#shared/science/loops.ts';
import type { Loops } from '#shared/science/loops.ts';
import { readKernels } from '../../kernel-file.ts';
import type { KernelBuild } from '../../kernel-file.ts';

/** What is used of the platform's WebAssembly; Node's types do not declare it. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

type Address = number;

/** The products (kernels/products.ts documents them), which an addon may do instead: `loadNative`. */
export interface Products {
  forwardTiles(
    units: number,
    V: Address,
    panelBytes: number,
    classPanels: number,
    hidden: Address,
    groups: number,
    out: Address,
    how: number,
  ): void;
  backwardTiles(
    rows: number,
    classes: number,
    classPanels: number,
    panels: number,
    byClass: Address,
    classBytes: number,
    byRow: Address,
    VT: Address,
    features: Address,
    slopes: Address,
    dV: Address,
    how: number,
  ): void;
  gramTiles(
    depth: number,
    left: Address,
    unit: number,
    features: Address,
    panelBytes: number,
    firstPanel: number,
    panels: number,
    block: Address,
    how: number,
  ): void;
  product64(
    C: Address,
    n: number,
    left: Address,
    rows: number,
    right: Address,
    columns: number,
    depth: number,
    how: number,
    lower: number,
    tile: Address,
  ): void;
}

/** `how` of a product: kernels/tile.ts has the same. */
export const store = 0;
export const add = 1;
export const subtract = 2;

/** The functions of kernels/index.ts, which documents them. */
export interface Kernels extends Products {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): Address;
  roundsOnce(): number;
  packColumns32(source: Address, rows: number, columns: number, panelRows: number, target: Address): void;
  unpackColumns32(source: Address, rows: number, columns: number, panelRows: number, target: Address): void;
  packV(
    V: Address,
    width: number,
    classes: number,
    classPanels: number,
    panels: number,
    left: Address,
    right: Address,
  ): void;
  unpackV(source: Address, width: number, classes: number, classPanels: number, target: Address): void;
  unpackOutputs(
    source: Address,
    order: Address,
    count: number,
    classes: number,
    classPanels: number,
    target: Address,
  ): void;
  packGradient(
    source: Address,
    order: Address,
    count: number,
    rows: number,
    classes: number,
    classPanels: number,
    byClass: Address,
    byRow: Address,
  ): void;
  hiddenAcross(
    kind: number,
    W: Address,
    wRows: number,
    first: Address,
    second: Address,
    rows: number,
    panels: number,
    hidden: Address,
  ): void;
  slopePanels(
    kind: number,
    W: Address,
    wRows: number,
    first: Address,
    second: Address,
    rows: number,
    panels: number,
    features: Address,
    slopes: Address,
  ): void;
  scatterPanels(
    dW: Address,
    wRows: number,
    first: Address,
    second: Address,
    rows: number,
    panels: number,
    dh: Address,
  ): void;
  featurePanels(
    kind: number,
    W: Address,
    wRows: number,
    first: Address,
    second: Address,
    rows: number,
    panels: number,
    target: Address,
  ): void;
  centrePanels(
    features: Address,
    count: number,
    rows: number,
    panels: number,
    columnSums: Address,
    along: Address,
  ): void;
  packGramLeft(
    features: Address,
    rows: number,
    panels: number,
    unit: number,
    row: number,
    depth: number,
    left: Address,
  ): void;
  reduceGram(block: Address, unit: number, firstPanel: number, panels: number, sums: Address): void;
  packRows(source: Address, n: number, count: number, length: number, lanes: number, target: Address): void;
  packColumns(
    source: Address,
    n: number,
    count: number,
    length: number,
    lanes: number,
    target: Address,
  ): void;
  factorBlock(corner: Address, n: number, size: number, failure: Address): number;
  invertBlock(corner: Address, n: number, size: number, target: Address): void;
  negate(source: Address, count: number, target: Address): void;
  placeBlock(source: Address, size: number, corner: Address, n: number): void;
  centreRows(F: Address, rows: number, length: number, means: Address, target: Address): void;
  dotRows(
    M: Address,
    n: number,
    rows: number,
    length: number,
    x: Address,
    xn: number,
    count: number,
    out: Address,
    outN: number,
  ): void;
  solveFactor(L: Address, n: number, x: Address, count: number, sums: Address): void;
}

const functions: readonly Exclude<keyof Kernels, 'memory'>[] = [
  'heapBase',
  'roundsOnce',
  'packColumns32',
  'unpackColumns32',
  'packV',
  'unpackV',
  'unpackOutputs',
  'packGradient',
  'hiddenAcross',
  'slopePanels',
  'scatterPanels',
  'forwardTiles',
  'backwardTiles',
  'gramTiles',
  'product64',
  'featurePanels',
  'centrePanels',
  'packGramLeft',
  'reduceGram',
  'packRows',
  'packColumns',
  'factorBlock',
  'invertBlock',
  'negate',
  'placeBlock',
  'centreRows',
  'dotRows',
  'solveFactor',
];

export interface LoadedKernels {
  readonly kernels: Kernels;
  readonly loops: Loops;
  /** Equal where the same bits come out: which kernels, which build, and how this processor rounds a b + c. */
  readonly version: string;
}

interface Compiled {
  readonly module: object;
  readonly build: KernelBuild;
  readonly digest: string;
}

/** A fresh instance each time. @throws where its kernels cannot be had */
export type LoadKernels = () => LoadedKernels;

let best: Compiled | null = null;

/** A fresh instance, with a memory of its own, of the best build this machine runs, or of the one that is named. */
export function loadKernels(build?: KernelBuild): LoadedKernels {
  const compiled = build === undefined ? (best ??= compileBest()) : compile(readKernels(build), build);
  const { exports } = new WebAssembly.Instance(compiled.module);
  if (!isKernels(exports)) throw new Error('the compiled kernels lack a function that the engine calls');
  const rounding = exports.roundsOnce() ? 'fused multiply-add' : 'two roundings';
  const vectors = compiled.build === 'relaxed' ? 'relaxed SIMD' : 'SIMD';
  return {
    kernels: exports,
    loops: plainLoops,
    version: `kernels ${compiled.digest}, ${vectors}, ${rounding}`,
  };
}

function compileBest(): Compiled {
  const relaxed = readKernels('relaxed');
  return WebAssembly.validate(relaxed) ? compile(relaxed, 'relaxed') : compile(readKernels('simd'), 'simd');
}

function compile(bytes: Uint8Array, build: KernelBuild): Compiled {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return { module: new WebAssembly.Module(bytes), build, digest };
}

function isKernels(exports: object): exports is Kernels {
  return 'memory' in exports && functions.every((name) => typeof Reflect.get(exports, name) === 'function');
}
