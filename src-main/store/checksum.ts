import { crc32 } from 'node:zlib';
import { DamagedRow } from './row.ts';

/**
 * CRC-32 (zlib's) of these parts one after another, text as UTF-8. It finds every flip of one bit, and every burst of up to 32: what a
 * failing disk does. It is no defence against somebody who wants to deceive.
 * @returns in [0, 2^32)
 */
export function checksum(...parts: readonly (string | Uint8Array)[]): number {
  return parts.reduce((crc: number, part) => crc32(part, crc), 0);
}

/** @throws DamagedRow when the parts are not those that were stored with this checksum */
export function verify(stored: number, what: () => string, ...parts: readonly (string | Uint8Array)[]): void {
  if (checksum(...parts) !== stored) throw new DamagedRow(`${what()} not what was stored`);
}
