const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Uint8Array(128);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;

/**
 * Bytes out of their base64 (RFC 4648, section 4, padded): the platform's own way where it has one (Chromium does), which is ten times
 * as fast, else by table.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native: unknown = Reflect.get(Uint8Array, 'fromBase64');
  const found: unknown = typeof native === 'function' ? Reflect.apply(native, Uint8Array, [text]) : null;
  return found instanceof Uint8Array && found.buffer instanceof ArrayBuffer
    ? new Uint8Array(found.buffer, found.byteOffset, found.length)
    : byTable(text);
}

/** As `fromBase64`, without the platform. */
export function byTable(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const value = (i: number): number => values[text.charCodeAt(i) & 127];
  for (let from = 0, at = 0; from < text.length; from += 4) {
    const word = (value(from) << 18) | (value(from + 1) << 12) | (value(from + 2) << 6) | value(from + 3);
    bytes[at++] = word >> 16;
    bytes[at++] = word >> 8;
    bytes[at++] = word;
  }
  return bytes;
}
