import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';

/** 'GkSc' in the header's application_id: how a lab is told from any other SQLite file. */
export const applicationId = 0x476b5363;

/** Bytes; SQLite's default, which every lab has. */
const pageSize = 4096;

/** Fields of the first 100 bytes (https://sqlite.org/fileformat.html#the_database_header) that are the same in every lab. */
const fixed: readonly (readonly [offset: number, bytes: readonly number[]])[] = [
  [0, [...Buffer.from('SQLite format 3\0', 'latin1')]],
  [16, [pageSize >>> 8, pageSize & 255]],
  // Write-ahead log; no reserved space; the payload fractions, which may not be anything else.
  [18, [2, 2, 0, 64, 32, 32]],
  // Schema format 4, UTF-8.
  [44, [0, 0, 0, 4]],
  [56, [0, 0, 0, 1]],
  [
    68,
    [applicationId >>> 24, (applicationId >>> 16) & 255, (applicationId >>> 8) & 255, applicationId & 255],
  ],
];

export interface LabHeader {
  /** Enough of it is left to know the file for a lab. */
  readonly isLab: boolean;
  /** The format's number, as the file has it. */
  readonly version: number;
  /** How many pages the file should have. */
  readonly pages: number;
}

export function readLabHeader(path: string): LabHeader {
  const bytes = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
  const name = bytes.subarray(0, 15).toString('latin1');
  return {
    isLab: bytes.readUInt32BE(68) === applicationId || name === 'SQLite format 3',
    version: bytes.readUInt32BE(60),
    pages: bytes.readUInt32BE(28),
  };
}

/** How many bytes the file has and should have, where its end is gone; null where all are there, or may be in a log beside it. */
export function missingEnd(path: string): { readonly has: number; readonly should: number } | null {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log !== undefined && log.size > 0) return null;
  const has = statSync(path).size;
  const should = readLabHeader(path).pages * pageSize;
  return has < should ? { has, should } : null;
}

/** Writes back what every lab's header holds, and its size, without which SQLite opens no file that was cut off. Only ever done to a copy. */
export function mendLabHeader(path: string): void {
  const pages = Buffer.alloc(4);
  pages.writeUInt32BE(Math.ceil(statSync(path).size / pageSize));
  const file = openSync(path, 'r+');
  try {
    for (const [offset, bytes] of [...fixed, [28, [...pages]] as const]) {
      writeSync(file, Uint8Array.from(bytes), 0, bytes.length, offset);
    }
  } finally {
    closeSync(file);
  }
}
