import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { hasDisplay } from '#main/hosts/web/open-browser.ts';
import type { WebHost } from '#main/hosts/web/serve.ts';
import { serveLab } from '#main/hosts/web/serve.ts';
import { createClient } from '#shared/contract/client.ts';
import { connectWebSocket } from '../../../../src-renderer/client/connect-web-socket.ts';
import { fakeCore } from '../../../contract/fake-core.ts';

const temporary = mkdtempSync(path.join(os.tmpdir(), 'grokscope-web-'));
const folder = path.join(temporary, 'renderer');
mkdirSync(path.join(folder, 'assets'), { recursive: true });
writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Window</title>');
writeFileSync(path.join(folder, 'assets', 'index-D4f8a_bC.js'), 'export {};');
writeFileSync(path.join(folder, 'assets', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
writeFileSync(path.join(folder, '.env'), 'SECRET=1');
writeFileSync(path.join(folder, '.hidden.html'), 'SECRET');
writeFileSync(path.join(temporary, 'secret.txt'), 'outside');
symlinkSync(path.join(temporary, 'secret.txt'), path.join(folder, 'link.txt'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * As raw as Node allows: fetch would mend paths and refuse to lie about the host. Each over a connection of its own: one that is kept the host
 * closes after five seconds, for which this process may stand still.
 */
function ask(port: number, { path: target = '/', method = 'GET', headers = {} }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: target, method, headers, agent: false };
    const asked = request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

let host: WebHost;
let port: number;
let token: string;
let cookie: string;
const lines: string[] = [];

beforeEach(async () => {
  lines.length = 0;
  host = await serveLab(fakeCore(), { folder, log: (line) => lines.push(line) });
  const url = new URL(host.url);
  port = Number(url.port);
  token = url.searchParams.get('token') ?? '';
  cookie = `grokscope-${port}=${token}`;
});
afterEach(() => host.close());

/** How an upgrade ends: open, or the status it was refused with. */
function knock(headers: Readonly<Record<string, string>>, target = '/rpc'): Promise<'open' | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${target}`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

describe('who is let in', () => {
  it('a browser that comes by the entrance gets a cookie no script can read and no other site can use', async () => {
    const { status, headers, body } = await ask(port, { path: `/?token=${token}` });
    expect(status).toBe(200);
    expect(headers['set-cookie']).toStrictEqual([`${cookie}; HttpOnly; SameSite=Strict; Path=/`]);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('content="0;url=/"');
    expect(body).not.toContain(token);
    expect(await ask(port, { headers: { cookie } })).toMatchObject({
      status: 200,
      body: expect.stringContaining('Window'),
    });
  });

  it.each([
    ['no token', {}],
    ['a wrong token', { path: '/?token=wrong' }],
    ['an empty token', { path: '/?token=' }],
    ['a wrong cookie', { headers: { cookie: 'grokscope=wrong' } }],
    ['a token where no entrance is', { path: '/assets/icon.svg?token=TOKEN' }],
  ])('nobody with %s', async (_, asked: Ask) => {
    const { status, headers, body } = await ask(port, {
      ...asked,
      path: asked.path?.replace('TOKEN', token) ?? '/',
    });
    expect(status).toBe(401);
    expect(headers['set-cookie']).toBeUndefined();
    expect(body).toContain('open the whole address');
  });

  it('nobody with the cookie of this name and another token', async () => {
    expect(await ask(port, { headers: { cookie: `grokscope-${port}=${'A'.repeat(43)}` } })).toMatchObject({
      status: 401,
    });
  });

  it('each launch has a token of 32 bytes of its own', async () => {
    const other = await serveLab(fakeCore(), { folder, log: () => {} });
    const theirs = new URL(other.url).searchParams.get('token') ?? '';
    const theirPort = Number(new URL(other.url).port);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(theirs).not.toBe(token);
    expect(await ask(theirPort, { path: `/?token=${token}` })).toMatchObject({ status: 401 });
    await other.close();
  });

  it.each([['evil.example'], ['127.0.0.1'], ['127.0.0.1:1'], ['localhost.evil.example:80']])(
    'nobody who asks for the host %s, even with the token',
    async (name) => {
      const answer = await ask(port, { headers: { cookie, host: name } });
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('its own address') });
    },
  );

  it.each([['http://evil.example'], ['null'], ['https://127.0.0.1:PORT'], ['http://127.0.0.1:1']])(
    'no page of the origin %s, even with the token',
    async (origin) => {
      const headers = { cookie, origin: origin.replace('PORT', `${port}`) };
      expect(await ask(port, { headers })).toMatchObject({
        status: 403,
        body: expect.stringContaining('own pages'),
      });
      expect(await knock(headers)).toBe(403);
    },
  );

  it('localhost is this host too', async () => {
    const localhost = `localhost:${port}`;
    const headers = { cookie, host: localhost, origin: `http://${localhost}` };
    expect(await ask(port, { headers })).toMatchObject({ status: 200 });
  });

  it('the socket opens only to a known browser, from a page of this host, at its path', async () => {
    const origin = `http://127.0.0.1:${port}`;
    expect(await knock({ cookie, origin })).toBe('open');
    expect(await knock({ origin })).toBe(401);
    expect(await knock({ cookie: `grokscope-${port}=wrong`, origin })).toBe(401);
    expect(await knock({ cookie })).toBe(403);
    expect(await knock({ cookie, origin, host: 'evil.example' })).toBe(403);
    expect(await knock({ cookie, origin }, '/elsewhere')).toBe(404);
    expect(await knock({ cookie, origin }, `/?token=${token}`)).toBe(404);
  });

  it('nothing but this machine is listened to', async () => {
    const outside = Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) {
      await expect(
        new Promise((resolve, reject) => {
          request({ host: address, port }, resolve).on('error', reject).end();
        }),
      ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
    expect(new URL(host.url).hostname).toBe('127.0.0.1');
  });
});

describe('what is served', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/assets/icon.svg', 'image/svg+xml', 'no-cache'],
    ['/assets/index-D4f8a_bC.js', 'text/javascript; charset=utf-8', 'private, max-age=31536000, immutable'],
  ])('%s as %s, kept: %s', async (target, type, kept) => {
    const { status, headers } = await ask(port, { path: target, headers: { cookie } });
    expect({ status, type: headers['content-type'], kept: headers['cache-control'] }).toStrictEqual({
      status: 200,
      type,
      kept,
    });
  });

  it.each([
    ['/../secret.txt'],
    ['/assets/../../secret.txt'],
    ['/%2e%2e/secret.txt'],
    ['/..%2fsecret.txt'],
    ['/assets/..%5c..%5csecret.txt'],
    ['/%252e%252e/secret.txt'],
    ['//etc/hostname'],
    ['/link.txt'],
    ['/.env'],
    ['/.hidden.html'],
    ['/a%00.html'],
    ['/%ff'],
    ['http://evil.example/secret.txt'],
  ])('nothing outside the window’s folder: %s', async (target) => {
    const { status, body } = await ask(port, { path: target, headers: { cookie } });
    expect([403, 404]).toContain(status);
    expect(body).not.toMatch(/outside|SECRET/);
  });

  it('a missing page is said in a sentence', async () => {
    const answer = await ask(port, { path: '/missing.html', headers: { cookie } });
    expect(answer).toMatchObject({ status: 404, body: 'There is no such page in this lab.\n' });
  });

  it.each([['POST'], ['PUT'], ['DELETE'], ['OPTIONS']])(
    '%s is refused with what is allowed',
    async (method) => {
      const { status, headers, body } = await ask(port, { method, headers: { cookie } });
      expect({ status, allow: headers.allow }).toStrictEqual({ status: 405, allow: 'GET, HEAD' });
      expect(body).toContain('GET or HEAD');
    },
  );

  it('HEAD answers like GET without the page', async () => {
    expect(await ask(port, { method: 'HEAD', headers: { cookie } })).toMatchObject({ status: 200, body: '' });
  });

  it.each([['/'], ['/missing.html'], ['/?token=wrong']])(
    '%s carries the headers that keep a page in its place',
    async (target) => {
      const { headers } = await ask(port, { path: target });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    },
  );

  it('a window that is not built is told, with the remedy and without letting its folder write the page', async () => {
    const empty = path.join(temporary, 'empty <b>');
    const other = await serveLab(fakeCore(), { folder: empty, log: () => {} });
    const url = new URL(other.url);
    const known = `grokscope-${url.port}=${url.searchParams.get('token')}`;
    const { status, body } = await ask(Number(url.port), { headers: { cookie: known } });
    expect(status).toBe(200);
    expect(body).toContain('npm run build');
    expect(body).not.toContain('<b>');
    await other.close();
  });
});

describe('the contract behind the door', () => {
  it('answers a client of the window, and lets go of it when the host closes', async () => {
    const headers = { cookie, origin: `http://127.0.0.1:${port}` };
    const connection = connectWebSocket(`ws://127.0.0.1:${port}/rpc`, {
      createSocket: (url) => new globalThis.WebSocket(url, { headers }),
    });
    expect(await createClient(connection.link).info()).toStrictEqual(fakeCore().info());
    await host.close();
    await vi.waitFor(() => expect(connection.state()).toBe('lost'));
    connection.close();
    expect(lines).toStrictEqual([]);
  });
});

describe('the port', () => {
  it('that is taken is told, with the remedy', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(other.listening).toBe(true));
    const address = other.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(serveLab(fakeCore(), { port: taken, folder, log: () => {} })).rejects.toMatchObject({
      problems: [
        {
          code: 'bad-argument',
          message: `Port ${taken} is taken by another program: name another with --port, or none to take a free one.`,
        },
      ],
    });
    other.close();
  });

  it.each([[-1], [65_536], [1.5], [Number.NaN]])('%d is none', async (wrong) => {
    await expect(serveLab(fakeCore(), { port: wrong, folder, log: () => {} })).rejects.toMatchObject({
      problems: [
        { code: 'bad-argument', message: `The port must be a whole number in 0..65535, got ${wrong}.` },
      ],
    });
  });
});

describe('a browser is opened', () => {
  it.each([
    [{}, 'linux', false],
    [{ DISPLAY: '' }, 'linux', false],
    [{ DISPLAY: ':0' }, 'linux', true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
    [{}, 'darwin', true],
    [{}, 'win32', true],
  ] as const)('with %j on %s: %s', (environment, platform, expected) => {
    expect(hasDisplay(environment, platform)).toBe(expected);
  });
});
