import { eventIterator, type } from '@orpc/contract';
import { z } from 'zod';
import type { HostReport } from '../models/host-report.ts';
import type { EngineReport, LabEvent, LabInfo, Preset } from '../models/lab.ts';
import { operation } from './failures.ts';
import { fields, yesOrNo } from './inputs.ts';

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
  hostReport: operation.output(type<HostReport>()),
  /**
   * Everything that changes, from now on, a batch at a time. The next batch is sent only after the client said `ready` for it, so
   * that neither side ever holds more than one batch and a bounded queue, over a transport that has no brakes of its own.
   */
  events: operation
    .input(eventIterator(z.literal('ready')))
    .output(eventIterator(type<readonly StreamEvent[]>())),
};
