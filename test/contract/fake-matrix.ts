import type { MatrixState, MatrixTile, PreparedMatrix } from '#shared/models/matrix.ts';

/** Two units, one of them constant: a NaN in every array that may have one. */
export const fakeMatrix: PreparedMatrix = {
  width: 2,
  engine: 'plain 1',
  seconds: 0.5,
  stored: 'identical',
  compared: 60,
  frequency: Int32Array.of(3, 0),
  concentration: Float64Array.of(0.75, Number.NaN),
  cluster: Int32Array.of(1, 0),
  quantiles: { b: Float64Array.of(0.1, 0.1, 0.1, 0.1, 0.1), cosine: Float64Array.of(0, 0, 0, 0, -0) },
};

export const fakeTile: MatrixTile = { values: Float64Array.of(Number.NaN, -0.1, -0.1, Number.NaN) };

export const absentMatrix: MatrixState = {
  state: 'absent',
  cost: { trainingSeconds: null, algebraSeconds: 1.25, bytes: 48 },
};
