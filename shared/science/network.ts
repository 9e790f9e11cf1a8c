/**
 * The two layers in float32, the study's bias-free network F = sigma(h), O = F V.
 * `W` is [2M, K] row-major: row a for the first summand, row M + b for the second, so h_i = W[a_i] + W[M + b_i].
 * `V` is [K, M] row-major. (PyTorch stores both transposed; `shared/science/random.ts` draws in PyTorch's order.)
 */
export interface Weights {
  readonly W: Float32Array;
  readonly V: Float32Array;
}

/** Gradients of the loss, in the shapes of `Weights`. */
export type Gradients = Weights;

/** Which pairs train and which test, in PyTorch's order for the seed. `a`, `b` and `target` are parallel, each in 0..M-1. */
export interface Rows {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly target: Int32Array;
}

export interface Split {
  readonly train: Rows;
  readonly test: Rows;
}

/** What G = F~'F~ and the kernel FF' need, in four numbers and none of size n x n. F is [n, K], F~ = F minus its column means. */
export interface GramSums {
  /** sum |G_jl| over all j, l. */
  readonly absolute: number;
  /** sum |G_jj|. */
  readonly diagonal: number;
  /** sum G_jl^2. */
  readonly squares: number;
  /** s'G s, with s the column sums of F. */
  readonly columnForm: number;
  /** s's. */
  readonly columnSquares: number;
}
