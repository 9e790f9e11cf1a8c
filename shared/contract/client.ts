import { createORPCClient } from '@orpc/client';
import type { ClientLink } from '@orpc/client';
import { z } from 'zod';
import type { LabClient } from './contract.ts';
import { fromBase64 } from './base64.ts';
import { unpack } from './packed.ts';

export type LabLink = ClientLink<Record<never, never>>;

const place = z.object({
  kind: z.enum(['float64', 'int32', 'number']),
  start: z.number(),
  length: z.number(),
  path: z.array(z.union([z.string(), z.number()])),
});

const travelled = z.object({
  /** Absent where an operation returns nothing: JSON has no undefined. */
  json: z.string().optional(),
  packed: z.object({ places: z.array(place), bytes: z.string() }).optional(),
});

/** The typed client over any link to a host: a call is a call of the core, and its result the core's result, arrays included. */
export function createClient(link: LabLink): LabClient {
  return createORPCClient<LabClient>({
    call: async (path, input, options) => {
      const output = await link.call(path, input, options);
      if (isStream(output)) return output;
      const { json, packed } = travelled.parse(output);
      const value: unknown = json === undefined ? undefined : JSON.parse(json);
      if (!packed) return value;
      return unpack({ value, places: packed.places, bytes: fromBase64(packed.bytes) });
    },
  });
}

function isStream(output: unknown): boolean {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}
