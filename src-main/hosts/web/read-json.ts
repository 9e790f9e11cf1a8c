import type { IncomingMessage } from 'node:http';

/** Far above anything that is sent here. */
const longest = 4096;

/** A small JSON body; null for one that is too long or makes no sense, which no schema takes. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) return null;
    length += chunk.byteLength;
    if (length > longest) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}
