import { randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Guard } from './guard.ts';
import { unknownVisitor } from './guard.ts';
import type { Part, Refusal } from './respond.ts';
import { sendJson, sendRefusal } from './respond.ts';
import { scratchPlace } from './scratch-place.ts';

/** What a browser takes out of the lab or brings into it waits here, in folders of its own beside the lab, until it went on. */
export interface ScratchFolders extends Part {
  /** Removes them all. */
  close(): void;
}

export interface ScratchLimits {
  /** Bytes of one folder. */
  readonly bytes: number;
  readonly folders: number;
  readonly files: number;
  /** Kept free on the disk, so that the lab can go on writing. */
  readonly spare: number;
  /** Milliseconds after which a folder nobody asked for is removed. */
  readonly idle: number;
}

/** A lab of 10,000 runs has some 2 GB; nothing of ours comes near this. */
const usual: ScratchLimits = {
  bytes: 64e9,
  folders: 16,
  files: 100_000,
  spare: 500e6,
  idle: 30 * 60_000,
};

interface Folder {
  readonly path: string;
  bytes: number;
  files: number;
  used: number;
  /** Requests under way. */
  busy: number;
}

const refuse = (status: number, message: string): Refusal => ({ status, message });
const gone = refuse(404, 'This upload or export was given up; begin it again.');
const badPlace = refuse(
  400,
  'Only labs (.lab) and study logs (log.jsonl, config.json) are taken, under plain names.',
);

/**
 * @param prefix of the folders' paths: beside the lab, because that disk must hold what comes in anyway, and a temporary folder may be memory.
 * What a host that was killed left there is removed.
 */
export function createScratchFolders(
  guard: Guard,
  prefix: string,
  limits: Partial<ScratchLimits> = {},
): ScratchFolders {
  const { bytes: mostBytes, folders: mostFolders, files: mostFiles, spare, idle } = { ...usual, ...limits };
  const folders = new Map<string, Folder>();
  const named = `${path.basename(prefix)}-files-`;
  for (const left of leftBehind(path.dirname(prefix), named)) rmSync(left, { recursive: true, force: true });
  const sweeper = setInterval(sweep, Math.min(idle, 60_000));
  sweeper.unref();

  function sweep(): void {
    for (const [id, { used, busy }] of folders)
      if (busy === 0 && performance.now() - used >= idle) remove(id);
  }

  function remove(id: string): void {
    const folder = folders.get(id);
    folders.delete(id);
    if (folder) rmSync(folder.path, { recursive: true, force: true });
  }

  function make(response: ServerResponse): void {
    sweep();
    if (folders.size >= mostFolders)
      return sendRefusal(
        response,
        refuse(429, 'Too many uploads and exports at once; wait until some ended.'),
      );
    const id = randomBytes(12).toString('base64url');
    // Mode 0700, as mkdtemp has it.
    const folder = mkdtempSync(path.join(path.dirname(prefix), named));
    folders.set(id, { path: folder, bytes: 0, files: 0, used: performance.now(), busy: 0 });
    sendJson(response, 201, { id, path: folder });
  }

  async function put(
    folder: Folder,
    place: readonly string[],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    if (!Number.isInteger(length) || length < 0)
      return refuseUpload(request, response, refuse(411, 'An upload must say how long it is.'));
    const refusal = await tooMuch(folder, length);
    if (refusal) return refuseUpload(request, response, refusal);
    folder.files += 1;
    folder.bytes += length;
    const file = path.join(folder.path, ...place);
    try {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      await pipeline(request, exactly(length), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      sendJson(response, 201, { path: file });
    } catch (error) {
      if (!isThere(error)) rmSync(file, { force: true });
      if (!response.destroyed && !response.headersSent) sendRefusal(response, failed(error));
    }
  }

  async function tooMuch(folder: Folder, length: number): Promise<Refusal | null> {
    if (folder.files >= mostFiles)
      return refuse(413, `At most ${mostFiles} files are taken at once; import a part of the folder.`);
    if (folder.bytes + length > mostBytes)
      return refuse(
        413,
        `This is larger than a browser can bring in (${Math.floor(mostBytes / 1e9)} GB); stop the host and use: npm run -s cli -- import PATH`,
      );
    const { bavail, bsize } = await statfs(folder.path);
    const free = bavail * bsize - spare;
    if (length <= free) return null;
    const [needed, left] = [length, Math.max(0, free)].map((bytes) => Math.ceil(bytes / 1e6));
    return refuse(
      507,
      `The disk of the lab has ${left} MB to spare, and this needs ${needed} MB. Free some space.`,
    );
  }

  async function get(
    id: string,
    folder: Folder,
    place: readonly string[],
    response: ServerResponse,
  ): Promise<void> {
    const file = path.join(folder.path, ...place);
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) return sendRefusal(response, gone);
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': found.size,
      // Its name is the link's to say.
      'content-disposition': 'attachment',
      'cache-control': 'no-store',
    });
    try {
      await pipeline(createReadStream(file), response);
    } catch {
      // The browser gave it up; it may ask again.
      response.destroy();
      return;
    }
    rmSync(file, { force: true });
    if (filesIn(folder.path) === 0) remove(id);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isRead = request.method === 'GET';
    const refusal = isRead
      ? (guard.refuseForeign(request) ?? (guard.isKnown(request) ? null : unknownVisitor))
      : guard.refuseAction(request);
    if (refusal) return refuseUpload(request, response, refusal);
    const place = scratchPlace(request.url ?? '');
    if (place === null) return refuseUpload(request, response, badPlace);
    if (request.method === 'POST' && place.id === null) return make(response);
    const folder = place.id === null ? undefined : folders.get(place.id);
    if (place.id === null || folder === undefined) return refuseUpload(request, response, gone);
    folder.busy += 1;
    try {
      if (request.method === 'DELETE' && place.parts.length === 0) {
        remove(place.id);
        sendJson(response, 200, {});
      } else if (request.method === 'PUT' && place.taken) await put(folder, place.parts, request, response);
      else if (isRead) await get(place.id, folder, place.parts, response);
      else refuseUpload(request, response, badPlace);
    } finally {
      folder.busy -= 1;
      folder.used = performance.now();
    }
  }

  return {
    async answer(request, response) {
      if (!/^\/files(\/|$)/.test(request.url ?? '')) return false;
      await serve(request, response);
      return true;
    },
    close() {
      clearInterval(sweeper);
      for (const id of folders.keys()) remove(id);
    },
  };
}

/** The rest of the body is not read: the connection ends with the answer. */
function refuseUpload(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (!request.complete) response.setHeader('connection', 'close');
  sendRefusal(response, refusal);
}

/** Passes on as many bytes as were announced, and no more. */
function exactly(length: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      seen += chunk.byteLength;
      if (seen > length) done(new Error('more than was announced'));
      else done(null, chunk);
    },
    flush: (done) => done(seen === length ? null : new Error('less than was announced')),
  });
}

function failed(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (isThere(error)) return refuse(409, 'Two of the files have the same name and place.');
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return refuse(507, 'The disk of the lab is full. Free some space.');
  return refuse(400, 'The upload ended before the file did; give it again.');
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function leftBehind(folder: string, start: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith(start))
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function filesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;
}
