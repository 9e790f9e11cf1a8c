import { type } from '@orpc/contract';
import { z } from 'zod';
import type { ConditionBand, ReplayedProbe, SeriesWindow } from '../models/lab.ts';
import type { RepulsionResult } from '../science/repulsion-result.ts';
import { operation } from './failures.ts';
import { fields, id, ids, text, wholeFrom } from './inputs.ts';

const epoch = wholeFrom(0);
const rangeAllowed = 'must be [first, last] with first <= last, such as [0, 400]';
const range = z
  .tuple([epoch, epoch], rangeAllowed)
  .refine(([first, last]) => first <= last, rangeAllowed)
  .readonly();

const seriesName = text('the name of a series, such as "test.accuracy"').min(
  1,
  'must be the name of a series',
);
const conditionNames = z
  .array(text('the name of a condition'), 'must be a list of conditions, such as ["control"]')
  .readonly();

const seriesQuery = fields({
  runIds: ids,
  name: seriesName,
  range: range.exactOptional(),
  // A stretch is drawn by its minimum and maximum: fewer than two points are no line.
  points: wholeFrom(2).exactOptional(),
});

const bandQuery = fields({
  studyId: id,
  name: seriesName,
  conditions: conditionNames.exactOptional(),
});

const byRun = fields({ runId: id });
const atEpoch = fields({ runId: id, epoch });

/** What runs measured. Arrays travel as bytes, exact to the bit: see packed.ts. */
export const seriesOperations = {
  seriesNames: operation.input(byRun).output(type<readonly string[]>()),
  series: operation.input(seriesQuery).output(type<readonly SeriesWindow[]>()),
  bands: operation.input(bandQuery).output(type<readonly ConditionBand[]>()),
  probeEpochs: operation.input(byRun).output(type<readonly number[]>()),
  probe: operation.input(atEpoch).output(type<RepulsionResult>()),
  replay: operation.input(atEpoch).output(type<ReplayedProbe>()),
};
