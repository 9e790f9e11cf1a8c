import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { studyJsonSchema } from '#shared/study/json-schema.ts';

const path = new URL('../../../assets/study.schema.json', import.meta.url).pathname;

describe('assets/study.schema.json', () => {
  it('is what the code generates', async () => {
    const options = await resolveConfig(path);
    const text = await format(JSON.stringify(studyJsonSchema(), null, 2), { ...options, parser: 'json' });
    const remedy =
      'assets/study.schema.json is stale: npx vitest run test/shared/study/json-schema.test.ts --update writes it anew';
    await expect(text, remedy).toMatchFileSnapshot(path);
  });

  it('lets an editor complete a sweep path and refuse an unknown key', () => {
    expect(studyJsonSchema()).toMatchObject({
      additionalProperties: false,
      required: ['study', 'seeds'],
      properties: {
        task: { properties: { modulus: { type: 'integer', minimum: 2, maximum: 1000 } } },
        sweep: {
          additionalProperties: false,
          properties: { 'optimizer.weightDecay': { type: 'array', items: { type: 'number', minimum: 0 } } },
        },
      },
    });
  });
});
