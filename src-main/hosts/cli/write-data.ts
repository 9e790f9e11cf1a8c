import { fstatSync, writeSync } from 'node:fs';
import { problem } from '#shared/models/problem.ts';
import { isDiskFull } from '../../store/disk-full.ts';

/** Data to standard output: all of it, or an error. */
export function writeData(text: string): void {
  if (
    process.stdout.isTTY ||
    fstatSync(process.stdout.fd).isFIFO() ||
    fstatSync(process.stdout.fd).isSocket()
  )
    process.stdout.write(text);
  else writeToFile(process.stdout.fd, text);
}

/** Node's own stream to a file takes a short write for a whole one: on a disk that fills up, a cut report would have exit code 0. */
function writeToFile(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw problem(
      'disk-full',
      'The disk is full: what was written to standard output is not whole. Free some space there, or write to another place; the lab keeps its rows.',
    );
  }
}
