import { type } from '@orpc/contract';
import { z } from 'zod';
import { operation } from './failures.ts';
import { absolutePath, choice, fields, id, yesOrNo } from './inputs.ts';

export const tableFormats = ['csv', 'jsonl', 'parquet', 'study-log'] as const;

const labTarget = z.discriminatedUnion(
  'kind',
  [
    fields({ kind: z.literal('study'), id }),
    fields({ kind: z.literal('run'), id }),
    fields({ kind: z.literal('lab') }),
  ],
  'must be {kind: "study", id}, {kind: "run", id} or {kind: "lab"}',
);

/** Files that were written, and how many rows they hold. */
export interface ExportedTables {
  readonly files: readonly string[];
  readonly rows: number;
}

/** Studies that came in, with what a reader should know of how they were read. */
export interface Imported {
  readonly studyIds: readonly number[];
  readonly notes: readonly string[];
}

/** Out of the lab and into it. Paths are on the machine of the host, which is the user's. */
export const exchangeOperations = {
  exportTables: operation
    .input(
      fields({
        target: fields({ kind: choice(['study', 'run']), id }),
        format: choice(tableFormats),
        folder: absolutePath,
        force: yesOrNo,
      }),
    )
    .output(type<ExportedTables>()),
  /** `force` replaces a file that is there. */
  exportLab: operation
    .input(fields({ target: labTarget, file: absolutePath, force: yesOrNo.exactOptional() }))
    .output(type<void>()),
  importFrom: operation.input(fields({ path: absolutePath })).output(type<Imported>()),
};
