// Real hosts, one after the other at one port, and the page's own code against them.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { WebHost } from '#main/hosts/web/serve.ts';
import { serveLab } from '#main/hosts/web/serve.ts';
import { createClient } from '#shared/contract/client.ts';
import { ProblemError } from '#shared/models/problem.ts';
import { connectWebSocket } from '../../../../src-renderer/client/connect-web-socket.ts';
import type { Connection } from '../../../../src-renderer/client/connection.ts';
import { createWayBack } from '../../../../src-renderer/client/way-back.ts';
import { fakeCore } from '../../../contract/fake-core.ts';

const key = Buffer.alloc(32, 7);
const command = 'npm start';
let host: WebHost;
let port: number;

const start = (options: { key?: Buffer; port?: number } = {}): Promise<WebHost> =>
  serveLab(fakeCore(), {
    port: options.port ?? 0,
    folder: '/nowhere',
    log: () => {},
    returning: { key: options.key ?? key, command },
  });

let next = 20_000 + (process.pid % 10_000);
/**
 * At a port of which the system gives none away: in the pause between two hosts no other program is given it. And at another one for each test:
 * `fetch` may not know yet that its connections to the last host are closed.
 */
async function startApart(): Promise<WebHost> {
  for (;;) {
    try {
      return await start({ port: next++ });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  }
}

beforeEach(async () => {
  // A page gives a question up after five seconds, for which this process may stand still.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
  host = await startApart();
  ({ port } = host);
});
afterEach(async () => {
  await host.close();
  vi.restoreAllMocks();
});

const token = (of: WebHost): string => new URL(of.url).searchParams.get('token') ?? '';
const cookieFor = (value: string): string => `grokscope-${port}=${value}`;

/** A browser at this port: it sends its cookie where a page lets it, names its origin, and keeps the cookie it is given. */
function browser(first: string) {
  const jar = { cookie: cookieFor(first) };
  const sent: string[] = [];
  const origin = `http://127.0.0.1:${port}`;
  async function ask(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('origin', origin);
    if (init.credentials !== 'omit') headers.set('cookie', jar.cookie);
    sent.push(`${url} ${init.credentials} ${String(init.body)}`);
    const answer = await fetch(`${origin}${url}`, { ...init, headers });
    const given = answer.headers.get('set-cookie');
    if (given !== null) jar.cookie = given.split(';', 1)[0];
    return answer;
  }
  const connect = (): Connection =>
    connectWebSocket(`ws://127.0.0.1:${port}/rpc`, {
      createSocket: (url) => new WebSocket(url, { headers: { cookie: jar.cookie, origin } }),
      fastest: 20,
      slowest: 50,
      wayBack: createWayBack(port, ask),
    });
  return { jar, sent, ask, connect };
}

describe('a page whose host was started again', () => {
  it('comes back by itself, with the token of the new launch', async () => {
    const { jar, sent, connect } = browser(token(host));
    const before = token(host);
    const page = connect();
    const client = createClient(page.link);
    expect(await client.listStudies({})).toStrictEqual([]);
    await expect.poll(() => page.restartCommand()).toBe(command);
    await host.close();
    await expect.poll(() => page.state()).toBe('lost');
    host = await start({ port });
    await expect.poll(() => page.state()).toBe('open');
    expect(await client.listStudies({})).toStrictEqual([]);
    expect(token(host)).not.toBe(before);
    expect(jar.cookie).toBe(cookieFor(token(host)));
    // The key left the host once, for a page it knew, and the page never.
    expect(sent.some((request) => request.includes(key.toString('base64url')))).toBe(false);
    page.close();
  });

  it('tells that a host of another lab is at its address, and shows it no proof', async () => {
    const { sent, connect } = browser(token(host));
    const page = connect();
    await expect.poll(() => page.restartCommand()).toBe(command);
    await host.close();
    host = await start({ port, key: Buffer.alloc(32, 8) });
    await expect.poll(() => page.state()).toBe('displaced');
    expect(sent.filter((request) => request.startsWith('/return/answer'))).toStrictEqual([]);
    page.close();
  });

  it('tells that another program is at its address, and sends it no cookie', async () => {
    const { connect } = browser(token(host));
    const page = connect();
    await expect.poll(() => page.restartCommand()).toBe(command);
    await host.close();
    const cookies: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      cookies.push(request.headers.cookie);
      response.end('hello');
    }).listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect.poll(() => page.state()).toBe('displaced');
    expect(new Set(cookies)).toStrictEqual(new Set([undefined]));
    page.close();
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    host = await start({ port });
  });
});

const nonce = 'A'.repeat(43);
const prove = (with_: Buffer, text: string): string =>
  createHmac('sha256', with_).update(text).digest('base64url');

const origin = (): string => `http://127.0.0.1:${port}`;
/** A connection that is kept the host closes after five seconds, for which this process may stand still. */
const notKept = { connection: 'close' };
function post(place: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  return fetch(`${origin()}/return/${place}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...headers, ...notKept },
  });
}
async function challenged(): Promise<{ nonce: string; proof: string }> {
  const given = await post('challenge', { nonce }, { origin: origin() });
  expect(given.status).toBe(200);
  return z.object({ nonce: z.string(), proof: z.string() }).parse(await given.json());
}

const answer = (theirs: string, proof: string): Promise<Response> =>
  post('answer', { nonce: theirs, proof }, { origin: origin() });

describe('who is let in', () => {
  it('the key is told to a page that is known, and to nobody else', async () => {
    const cookie = cookieFor(token(host));
    expect(await (await post('key', {}, { cookie, origin: origin() })).json()).toStrictEqual({
      key: key.toString('base64url'),
      command,
    });
    expect((await post('key', {}, { origin: origin() })).status).toBe(401);
    expect((await post('key', {}, { cookie: cookieFor(nonce), origin: origin() })).status).toBe(401);
    expect((await post('key', {}, { cookie })).status).toBe(403);
    expect((await post('key', {}, { cookie, origin: 'http://evil.example' })).status).toBe(403);
    const read = await fetch(`${origin()}/return/key`, { headers: { cookie, ...notKept } });
    expect(read.status).not.toBe(200);
  });

  it('one answer to one challenge, over this port, signed as a page', async () => {
    const page = (theirs: string): string => `grokscope page ${port} ${theirs} ${nonce}`;
    const first = await challenged();
    expect(first.proof).toBe(prove(key, `grokscope host ${port} ${nonce} ${first.nonce}`));
    const good = await answer(first.nonce, prove(key, page(first.nonce)));
    expect(good.status).toBe(200);
    expect(good.headers.get('set-cookie')).toBe(
      `${cookieFor(token(host))}; HttpOnly; SameSite=Strict; Path=/`,
    );
    // Not twice.
    expect((await answer(first.nonce, prove(key, page(first.nonce)))).status).toBe(403);
    for (const wrong of [
      (theirs: string) => prove(Buffer.alloc(32, 8), page(theirs)),
      (theirs: string) => prove(key, `grokscope page ${port + 1} ${theirs} ${nonce}`),
      (theirs: string) => prove(key, `grokscope host ${port} ${theirs} ${nonce}`),
    ]) {
      const { nonce: theirs } = await challenged();
      const refused = await answer(theirs, wrong(theirs));
      expect([refused.status, refused.headers.get('set-cookie')]).toStrictEqual([403, null]);
    }
    // Never asked for.
    expect((await answer(nonce, prove(key, page(nonce)))).status).toBe(403);
  });

  it('no page of another origin, and no nonsense', async () => {
    expect((await post('challenge', { nonce }, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post('challenge', { nonce }, {})).status).toBe(403);
    expect((await post('answer', { nonce, proof: nonce }, { origin: 'null' })).status).toBe(403);
    for (const body of [null, {}, { nonce: 'short' }, { nonce: `${nonce}${'A'.repeat(9000)}` }])
      expect((await post('challenge', body, { origin: origin() })).status).toBe(400);
  });
});

it('a page asks for its key for as long as the host takes to answer, because without it there is no way back', () => {
  const asked: RequestInit[] = [];
  const page = createWayBack(port, (_url, init) => {
    asked.push(init);
    return new Promise<Response>(() => {});
  });
  void page.learn();
  expect(asked).toHaveLength(1);
  expect(asked[0].signal).toBeUndefined();
});
