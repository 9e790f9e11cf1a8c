// Draws the icons of the packages from grokscope.svg: `node assets/icons/build-icons.ts` (what it writes is kept in the repository).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const folder = import.meta.dirname;
const svg = readFileSync(path.join(folder, 'grokscope.svg'), 'utf8');

const linuxSizes = [16, 32, 48, 64, 128, 256, 512];
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];
/** Apple's type codes of PNG entries and the pixels each holds. */
const macTypes: readonly (readonly [string, number])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
];

function draw(pixels: number): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: pixels }, font: { loadSystemFonts: false } })
    .render()
    .asPng();
}

/** ICONDIR, one ICONDIRENTRY an image, then the images: PNGs, which Windows reads since Vista. */
function ico(sizes: readonly number[]): Buffer {
  const images = sizes.map(draw);
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  for (const [index, image] of images.entries()) {
    const at = 6 + 16 * index;
    // A byte holds no 256: 0 means it.
    header.writeUInt8(sizes[index] % 256, at);
    header.writeUInt8(sizes[index] % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(image.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += image.length;
  }
  return Buffer.concat([header, ...images]);
}

/** `icns`, the length of all, then for each image its type, its length with these eight bytes, and its PNG. */
function icns(): Buffer {
  const entries = macTypes.map(([type, pixels]) => chunk(type, draw(pixels)));
  return chunk('icns', Buffer.concat(entries));
}

function chunk(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([header, body]);
}

mkdirSync(path.join(folder, 'png'), { recursive: true });
for (const size of linuxSizes) writeFileSync(path.join(folder, 'png', `${size}x${size}.png`), draw(size));
writeFileSync(path.join(folder, 'icon.ico'), ico(windowsSizes));
writeFileSync(path.join(folder, 'icon.icns'), icns());
