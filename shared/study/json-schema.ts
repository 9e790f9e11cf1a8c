import { z } from 'zod';
import { studySchema } from './study-schema.ts';

/**
 * The file format as JSON Schema draft 7, the draft that YAML editors read. It completes and checks as far as a schema can;
 * what depends on several fields (a split within modulus^2, a probe epoch within epochs) only the lab itself checks.
 */
export function studyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(studySchema, { target: 'draft-7', io: 'input' });
  return { ...schema, title: 'Grokscope study', description: 'Conditions x seeds of a grokking experiment.' };
}
