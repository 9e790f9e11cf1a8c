/**
 * A PNG that knows its size on paper: a pHYs chunk after the header (dots a metre), which page layout programs read.
 * @param png as made by any encoder; a pHYs chunk it has already is replaced
 * @throws RangeError when it is no PNG
 * @see PNG (third edition), 11.3.4.3
 */
export function withDensity(png: Uint8Array, dotsPerInch: number): Uint8Array<ArrayBuffer> {
  if (!signature.every((byte, i) => png[i] === byte))
    throw new RangeError('not a PNG: its signature is missing');
  const parts: Uint8Array[] = [png.subarray(0, headerEnd), densityChunk(dotsPerInch)];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = headerEnd; at < png.length;) {
    const size = 12 + view.getUint32(at);
    if (nameAt(png, at) !== 'pHYs') parts.push(png.subarray(at, at + size));
    at += size;
  }
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** The signature and IHDR, which is always first and always 13 bytes. */
const headerEnd = 8 + 12 + 13;

function nameAt(png: Uint8Array, at: number): string {
  return String.fromCharCode(...png.subarray(at + 4, at + 8));
}

function densityChunk(dotsPerInch: number): Uint8Array {
  const chunk = new Uint8Array(12 + 9);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  const dotsPerMetre = Math.round(dotsPerInch / 0.0254);
  view.setUint32(8, dotsPerMetre);
  view.setUint32(12, dotsPerMetre);
  chunk[16] = 1;
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  return chunk;
}

/** @see PNG (third edition), annex D: the polynomial of ISO 3309, reflected. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
