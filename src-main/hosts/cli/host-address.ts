import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const addressSchema = z.object({ url: z.url() });

/** Beside the lab, for this user's eyes alone: where the host that has it open answers, with its token. */
function addressFile(lab: string): string {
  return `${lab}-host`;
}

/** Leaves word for commands that find the lab taken. @returns takes it back */
export function publishAddress(lab: string, url: string): () => void {
  rmSync(addressFile(lab), { force: true });
  writeFileSync(addressFile(lab), JSON.stringify({ url }), { mode: 0o600 });
  return () => rmSync(addressFile(lab), { force: true });
}

/** Null when no host left word, or none that can be understood. */
export function readAddress(lab: string): string | null {
  try {
    return addressSchema.parse(JSON.parse(readFileSync(addressFile(lab), 'utf8'))).url;
  } catch {
    return null;
  }
}
