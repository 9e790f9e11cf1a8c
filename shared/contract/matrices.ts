import { type } from '@orpc/contract';
import { z } from 'zod';
import type { MatrixPair, MatrixState, MatrixTile, PreparedMatrix } from '../models/matrix.ts';
import { matrixKinds, matrixOrders } from '../models/matrix.ts';
import { cellStatistics } from '../science/matrix-cells.ts';
import { operation } from './failures.ts';
import { choice, fields, id, wholeFrom } from './inputs.ts';

/** More than any screen shows of one picture. */
const mostCells = 2048;

const ridgeAllowed = 'must be a number >= 0';
const query = {
  runId: id,
  epoch: wholeFrom(0),
  ridge: z.number(ridgeAllowed).min(0, ridgeAllowed),
};

const stretchAllowed = 'must be [from, to) with from < to, such as [0, 512]';
const stretch = z
  .tuple([wholeFrom(0), wholeFrom(1)], stretchAllowed)
  .refine(([from, to]) => from < to, stretchAllowed)
  .readonly();

const cellsAllowed = `must be [down, across], each 1 to ${mostCells}`;
const cellCount = wholeFrom(1).max(mostCells, cellsAllowed);

/** A place in a prepared matrix. */
const place = {
  ...query,
  kind: choice(matrixKinds),
  order: choice(matrixOrders),
  rows: stretch,
  columns: stretch,
};

/**
 * B and the cosines of every pair of hidden units, at one epoch of one run: not stored, made when asked for, and looked at through tiles.
 * How far one is comes with the events.
 */
export const matrixOperations = {
  matrixState: operation.input(fields(query)).output(type<MatrixState>()),
  prepareMatrix: operation.input(fields(query)).output(type<PreparedMatrix>()),
  cancelMatrix: operation.input(fields(query)).output(type<void>()),
  matrixTile: operation
    .input(
      fields({
        ...place,
        cells: z.tuple([cellCount, cellCount], cellsAllowed).readonly(),
        statistic: choice(cellStatistics),
      }),
    )
    .output(type<MatrixTile>()),
  matrixPair: operation.input(fields(place)).output(type<MatrixPair>()),
};
