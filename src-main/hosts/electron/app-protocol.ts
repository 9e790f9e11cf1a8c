import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { CustomScheme } from 'electron';

export const appScheme = 'app';
export const appHost = 'grokscope';
export const appOrigin = `${appScheme}://${appHost}`;

/** A standard, secure origin of its own; nothing that loosens it (`bypassCSP`, `corsEnabled`, extensions, service workers). */
export const appSchemePrivileges: CustomScheme = {
  scheme: appScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/**
 * What the window may load: its own files. No remote host, no evaluated code, no inline script; pictures of charts are made
 * as data and blob addresses.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * Answers `app://grokscope/...` from `folder`, the built window.
 * @returns 403 for a path that leaves the folder, 404 for what is not there, 405 for anything but GET
 */
export function createAppHandler(
  folder: string,
): (request: { readonly url: string; readonly method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    if (method !== 'GET') return refuse(405, `${method} is not answered here; use GET.`);
    const file = resolveInside(folder, url);
    if (file === null) return refuse(403, `${url} is not an address of this window.`);
    const type = types[path.extname(file)];
    try {
      if (type === undefined) return refuse(404, `${url} is of no type that the window loads.`);
      if (!isInside(await realpath(folder), await realpath(file)))
        return refuse(403, `${url} leads elsewhere.`);
      return respond(200, type, await readFile(file));
    } catch {
      return refuse(404, `${url} is not there. If the window was never built: npm run build.`);
    }
  };
}

/** The file an address means, or null when it is not inside `folder`. */
export function resolveInside(folder: string, address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.protocol !== `${appScheme}:` || url.host !== appHost) return null;
  const wanted = decode(url.pathname);
  // A backslash separates on Windows, and a colon names a drive or a stream.
  if (wanted === null || /[\\:\0]/.test(wanted)) return null;
  const root = path.resolve(folder);
  const file = path.resolve(root, `.${wanted}`);
  if (file === root) return path.join(root, 'index.html');
  return isInside(root, file) ? file : null;
}

function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep);
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

function refuse(status: number, sentence: string): Response {
  return respond(status, 'text/plain; charset=utf-8', sentence);
}

function respond(status: number, type: string, body: string | Buffer<ArrayBuffer>): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
  });
}
