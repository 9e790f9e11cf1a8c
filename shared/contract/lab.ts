import { eventIterator, type } from '@orpc/contract';
import { z } from 'zod';
import type { LabEvent, LabInfo, Preset } from '../models/lab.ts';
import type { EngineName } from '../models/run.ts';
import { operation } from './failures.ts';
import { fields, yesOrNo } from './inputs.ts';

/** An engine as the host's machine has it: its version, or why it cannot be used. */
export interface EngineReport {
  readonly engine: EngineName;
  readonly version: string | null;
  /** Products of a training step on one thread; null when not measured. */
  readonly gigaflops: number | null;
  readonly unavailable: string | null;
}

/**
 * An event of the lab, or word that some could not be delivered: what is shown must be read again.
 * `missed` is null where nobody counted (the connection was lost).
 */
export type StreamEvent = LabEvent | { readonly type: 'resync'; readonly missed: number | null };

/** The lab itself. */
export const labOperations = {
  info: operation.output(type<LabInfo>()),
  presets: operation.output(type<readonly Preset[]>()),
  doctor: operation.input(fields({ measure: yesOrNo })).output(type<readonly EngineReport[]>()),
  /**
   * Everything that changes, from now on, a batch at a time. The next batch is sent only after the client said `ready` for it, so
   * that neither side ever holds more than one batch and a bounded queue, over a transport that has no brakes of its own.
   */
  events: operation
    .input(eventIterator(z.literal('ready')))
    .output(eventIterator(type<readonly StreamEvent[]>())),
};
