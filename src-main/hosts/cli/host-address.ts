import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

const hostFileSchema = z.object({
  /** Where the host answers, with its token; null when it ended. */
  url: z.url().nullable(),
  port: z.int().min(1).max(65_535),
  /** What pages and hosts of this lab know each other by (docs/decisions/0008). */
  key: z.string().regex(/^[\w-]{43}$/),
  /** When the key was made, ISO 8601, UTC. */
  keyMade: z.iso.datetime(),
  machine: z.string(),
});
type HostFile = z.infer<typeof hostFileSchema>;

/** A page that slept longer than this has to be let in anew. */
const keyLifeMs = 7 * 24 * 60 * 60 * 1000;

/** What a host of a lab knows of the one before it. */
export interface HostMemory {
  /** Where pages of this lab may still be open; null when no host was here, or long ago. */
  readonly port: number | null;
  readonly key: Buffer;
  /** Leaves word for commands that find the lab taken, and for the next host. @returns takes back what ends with this host */
  publish(url: string, port: number): () => void;
}

/** Beside the lab, for this user's eyes alone. */
function hostFile(lab: string): string {
  return `${lab}-host`;
}

/** What the last host of this lab on this machine left. */
export function recallHost(lab: string, now: Date = new Date()): HostMemory {
  const left = readHostFile(lab);
  const age = left === null ? Infinity : now.getTime() - Date.parse(left.keyMade);
  const fresh = left !== null && left.machine === hostname() && age >= 0 && age < keyLifeMs;
  const key = fresh ? left.key : randomBytes(32).toString('base64url');
  const keyMade = fresh ? left.keyMade : now.toISOString();
  return {
    port: fresh ? left.port : null,
    key: Buffer.from(key, 'base64url'),
    publish(url, port) {
      const file = { port, key, keyMade, machine: hostname() };
      writeHostFile(lab, { ...file, url });
      return () => {
        try {
          writeHostFile(lab, { ...file, url: null });
        } catch {
          // On a full disk: better no word at all than the address of a host that ended.
          rmSync(hostFile(lab), { force: true });
        }
      };
    },
  };
}

/** Null when no host left word, or none that can be understood, or it ended. */
export function readAddress(lab: string): string | null {
  return readHostFile(lab)?.url ?? null;
}

function readHostFile(lab: string): HostFile | null {
  try {
    return hostFileSchema.parse(JSON.parse(readFileSync(hostFile(lab), 'utf8')));
  } catch {
    return null;
  }
}

function writeHostFile(lab: string, content: HostFile): void {
  const partial = `${hostFile(lab)}.partial`;
  // Made anew, so that it has this mode whatever lay there.
  rmSync(partial, { force: true });
  writeFileSync(partial, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  renameSync(partial, hostFile(lab));
}
