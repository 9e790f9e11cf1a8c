// Oracle: Node's own encoding of the same bytes.
import { expect, it } from 'vitest';
import { byTable, fromBase64 } from '#shared/contract/base64.ts';

it.each([0, 1, 2, 3, 4, 255, 256, 1000])('%s bytes come back as they were, by either way', (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 167 + length) % 256);
  const text = Buffer.from(bytes).toString('base64');
  expect(byTable(text)).toStrictEqual(bytes);
  expect(fromBase64(text)).toStrictEqual(bytes);
});
