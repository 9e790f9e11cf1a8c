import { crc32, deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { withDensity } from '#shared/figures/png-density.ts';

function chunk(name: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(Buffer.from([0, 0]))),
  chunk('IEND', Buffer.alloc(0)),
]);

// Oracle: the chunk by its definition, with zlib's checksum. 600 dots an inch are 23,622 a metre.
it('a PNG is told its dots a metre, once, and is otherwise as it was', () => {
  const content = Buffer.alloc(9);
  content.writeUInt32BE(23_622, 0);
  content.writeUInt32BE(23_622, 4);
  content[8] = 1;
  const expected = Buffer.concat([png.subarray(0, 33), chunk('pHYs', content), png.subarray(33)]);
  const once = withDensity(png, 600);
  expect(Buffer.from(once)).toStrictEqual(expected);
  expect(Buffer.from(withDensity(once, 600))).toStrictEqual(expected);
});

it('what is no PNG is refused', () => {
  expect(() => withDensity(Buffer.from('<svg/>'), 600)).toThrow('not a PNG');
});
