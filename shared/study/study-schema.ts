import { z } from 'zod';
import { directions } from '../science/detector.ts';
import {
  choice,
  fields,
  finiteNumber,
  listOf,
  named,
  nonNegativeNumber,
  wholeNumber,
} from './leaf-schemas.ts';
import { mostEpochs, settingsShape, sweepSchema } from './settings-schema.ts';

/** The file format, once: parsing, messages and the JSON Schema that editors read all come from here. */

/** PyTorch seeds its generator with 32 bits here, as MT19937 does. */
export const largestSeed = 2 ** 32 - 1;
const epoch = wholeNumber(0, mostEpochs);
/** Names that must exist elsewhere in the file; whether they do is checked there. */
function byName<T extends z.ZodType>(value: T, what: string) {
  return z.record(z.string(), value, `must be a mapping of ${what}`);
}
const count = wholeNumber(0, 1_000_000);
const series = z
  .string('must be the name of a series, such as test.accuracy')
  .min(1, 'must be the name of a series');
const referredName = z.string('must be a name').min(1, 'must be a name');

export const nameSchema = z
  .string('must be a name: one line of text')
  .regex(/^\S([^\n\r]{0,198}\S)?$/, 'must be one line of 1 to 200 characters, with no space at its ends');

export const descriptionSchema = z.string('must be text').max(10_000, 'must be at most 10000 characters');

const seedsAllowed = `must be a range such as 0..14, a list such as [0, 3, 7] or one whole number, each in 0..${largestSeed}`;
export const seedsSchema = z.union(
  [
    wholeNumber(0, largestSeed),
    z.string().regex(/^\d{1,10}\.\.\d{1,10}$/, seedsAllowed),
    z.array(wholeNumber(0, largestSeed)).min(1, seedsAllowed),
  ],
  seedsAllowed,
);

export const conditionsSchema = named(
  fields({ ...settingsShape, sweep: sweepSchema.optional() }).nullable(),
  'condition names, each with what it changes',
);

const direction = choice(directions)
  .optional()
  .describe('rising fires above the threshold, falling below it; rising when left out.');

export const detectorSchema = z.discriminatedUnion(
  'kind',
  [
    fields({
      kind: choice(['slope']),
      series: series.optional(),
      lag: wholeNumber(1, mostEpochs).optional(),
      threshold: finiteNumber().optional(),
      from: epoch.optional(),
      direction,
    }),
    fields({
      kind: choice(['level']),
      series,
      threshold: finiteNumber(),
      from: epoch.optional(),
      direction,
    }),
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? 'must be slope or level'
        : 'must be a mapping such as { kind: level, series: test.accuracy, threshold: 0.99 }',
  },
);
export const detectorsSchema = named(detectorSchema, 'detector names, each with its kind');

/** An empty one is told as any other that no detector has, with those there are. */
const detectorName = z.string('must be a name');
export const intervalSchema = fields({
  from: detectorName.describe('The detector whose epoch is taken away.'),
  to: detectorName.describe('The detector whose epoch it is taken from.'),
});
export const intervalsSchema = named(intervalSchema, 'interval names, each with from and to');

const rangeAllowed = 'must be two epochs such as [200, 400]';
const range = z.array(epoch, rangeAllowed).length(2, rangeAllowed);
const pairAllowed = 'must be two condition names such as [grokking, control]';
export const lateFields = fields({
  series: series
    .optional()
    .describe('sigma2/sigma3 of W when left out, or the test accuracy where that is not measured.'),
  range: range
    .optional()
    .describe(
      "The median is over these epochs, both included; the shortest run's second half when left out.",
    ),
  separation: z
    .array(referredName, pairAllowed)
    .length(2, pairAllowed)
    .optional()
    .describe(
      'Two conditions: the late value of the first over that of the second; one with weight decay over one without when left out.',
    ),
});
export const lateSchema = z.union(
  [range, lateFields],
  `${rangeAllowed}, or a mapping of series, range, separation`,
);

const spreadAllowed = 'must be two numbers such as [34, 38]';
const spread = z.array(finiteNumber(), spreadAllowed).length(2, spreadAllowed);
const share = z.number('must be a number in [0, 1]').min(0, 'must be in [0, 1]').max(1, 'must be in [0, 1]');

export const publishedConditionSchema = fields({
  detectors: byName(
    fields({
      fired: count.optional(),
      n: count.optional(),
      median: finiteNumber().optional(),
      iqr: spread.optional(),
    }),
    'detector or interval names',
  ).optional(),
  late: fields({ median: finiteNumber(), range: spread.optional() }).optional(),
  repulsion: z
    .record(
      z.string().regex(/^\d{1,7}$/, 'must be an epoch'),
      z.union(
        [share, fields({ median: share, iqr: spread.optional() })],
        'must be a share in [0, 1] or a mapping of median, iqr',
      ),
      {
        error: (issue) =>
          issue.code === 'invalid_key'
            ? 'must be an epoch such as 100'
            : 'must be a mapping of epochs to shares',
      },
    )
    .optional(),
});

export const publishedSchema = fields({
  source: z.string('must be the source, as text').min(1, 'must name the source'),
  notes: listOf(z.string('must be a sentence'), '["One sentence."]').optional(),
  separation: nonNegativeNumber().optional(),
  conditions: byName(publishedConditionSchema, 'condition names').optional(),
});

export const studyShape = {
  study: nameSchema.describe('The name of the study.'),
  description: descriptionSchema.optional(),
  ...settingsShape,
  seeds: seedsSchema.describe('0..14, [0, 3, 7] or one number; seeds are the ones PyTorch draws from.'),
  conditions: conditionsSchema
    .optional()
    .describe('By name, what each condition changes in the base. A mapping merges, anything else replaces.'),
  sweep: sweepSchema
    .optional()
    .describe('Dotted path -> values; the product makes the conditions, the first key slowest.'),
  detectors: detectorsSchema.optional().describe('Read stored series; changing one never retrains.'),
  intervals: intervalsSchema.optional().describe('Differences of the epochs at which two detectors fire.'),
  late: lateSchema.optional().describe('Each run is summed up by the median of a series over this range.'),
  published: publishedSchema.optional().describe('What a paper printed, shown beside what was measured.'),
};

export const studySchema = fields(studyShape);
export const studyKeys: readonly string[] = Object.keys(studyShape);
