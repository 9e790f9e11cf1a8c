import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Guard } from './guard.ts';
import { unknownVisitor } from './guard.ts';
import type { Part, Refusal } from './respond.ts';
import { sendPage, sendRefusal } from './respond.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Vite puts a hash of the content into the name: such a file never changes. */
const hashed = /^assets\/.+-[\w-]{8,}\.\w+$/;

const notFound: Refusal = { status: 404, message: 'There is no such page in this lab.' };
const outside: Refusal = { status: 403, message: 'Only files of the window are served.' };
const notAllowed: Refusal = {
  status: 405,
  message: 'Pages are read with GET or HEAD; the lab itself is spoken to at /rpc.',
};

/** The files of the built window, for those the guard knows. */
export function createPages(folder: string, guard: Guard): Part {
  const root = path.resolve(folder);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const foreign = guard.refuseForeign(request);
    if (foreign) return sendRefusal(response, foreign);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendRefusal(response, notAllowed);
    }
    const [target, query = ''] = (request.url ?? '/').split('?', 2);
    const token = new URLSearchParams(query).get('token');
    if (token !== null && target === '/') {
      if (!guard.isToken(token)) return sendRefusal(response, unknownVisitor);
      response.setHeader('set-cookie', guard.cookie);
      return sendPage(response, entering);
    }
    if (!guard.isKnown(request)) return sendRefusal(response, unknownVisitor);
    const name = fileName(target);
    if (name === null) return sendRefusal(response, outside);
    if (name === 'index.html' && !existsSync(path.join(root, name)))
      return sendPage(response, notBuilt(root));
    return sendFile(response, root, name);
  }

  return {
    async answer(request, response) {
      await answer(request, response);
      return true;
    },
  };
}

/** The file a path asks for, relative to the folder; null when it reaches for anything else. */
function fileName(target: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(target);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/') || /[\\\0]/.test(decoded)) return null;
  const parts = decoded.slice(1).split('/');
  if (parts.some((part) => part === '.' || part === '..' || part.startsWith('.'))) return null;
  if (decoded === '/') return 'index.html';
  // An empty part would be the root of the disk, or a folder.
  return parts.includes('') ? null : parts.join('/');
}

async function sendFile(response: ServerResponse, root: string, name: string): Promise<void> {
  const type = types[path.extname(name)];
  if (type === undefined) return sendRefusal(response, notFound);
  let content: Buffer;
  try {
    const file = await realpath(path.join(root, name));
    // A link inside the folder may lead out of it.
    if (!file.startsWith((await realpath(root)) + path.sep)) return sendRefusal(response, outside);
    content = await readFile(file);
  } catch (error) {
    if (isMissing(error)) return sendRefusal(response, notFound);
    throw error;
  }
  response.writeHead(200, {
    'content-type': type,
    'content-length': content.byteLength,
    'cache-control': hashed.test(name) ? 'private, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(content);
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code))
  );
}

/**
 * Not a redirect: a browser that came from another site's link would not send a strict cookie along with one. From this page it does,
 * and the token is gone from the address bar.
 */
const entering = {
  head: '<meta http-equiv="refresh" content="0;url=/">',
  body: '<p>Opening the lab...</p>',
};

function notBuilt(root: string): { body: string } {
  return {
    body: `<h1>The lab is running, but its window is not built.</h1>
<p>There is no <code>index.html</code> in <code>${escaped(root)}</code>.</p>
<p>Run <code>npm run build</code> in the folder of the lab, then load this page again.</p>`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
