// What a browser sends and fetches, over a real server; the requests as raw as Node allows.
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import type { ScratchLimits } from '#main/hosts/web/scratch-folders.ts';
import type { WebHost } from '#main/hosts/web/serve.ts';
import { serveLab } from '#main/hosts/web/serve.ts';
import { fakeCore } from '../../../contract/fake-core.ts';

let home: string;
let lab: string;
let host: WebHost;

async function open(limits: Partial<ScratchLimits> = {}): Promise<void> {
  host = await serveLab(fakeCore(), { folder: '/nowhere', log: () => {}, scratch: { prefix: lab, limits } });
}
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'grokscope-scratch-'));
  lab = path.join(home, 'x.lab');
});
afterEach(async () => {
  await host.close();
  rmSync(home, { recursive: true, force: true });
});

const origin = (): string => `http://127.0.0.1:${host.port}`;
const known = (): Record<string, string> => ({
  origin: origin(),
  cookie: `grokscope-${host.port}=${new URL(host.url).searchParams.get('token') ?? ''}`,
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Over a connection of its own: one that is kept the host closes after five seconds, for which this process may stand still. */
function ask(
  method: string,
  target: string,
  body: string | Buffer = '',
  headers: Readonly<Record<string, string>> = known(),
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sizes = method === 'PUT' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const asked = request(
      {
        host: '127.0.0.1',
        port: host.port,
        path: target,
        method,
        headers: { ...sizes, ...headers },
        agent: false,
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

const madeSchema = z.object({ id: z.string(), path: z.string() });
async function folder(): Promise<z.infer<typeof madeSchema>> {
  const { status, body } = await ask('POST', '/files');
  expect(status).toBe(201);
  return madeSchema.parse(JSON.parse(body));
}
const left = (): string[] => readdirSync(home).filter((name) => name.startsWith('x.lab-files-'));

describe('a folder for files on their way', () => {
  it('takes files byte for byte, for this user alone, and goes when it is told to', async () => {
    await open();
    const { id, path: there } = await folder();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256));
    const { status, body } = await ask('PUT', `/files/${id}/logs%20a/run1/log.jsonl`, bytes);
    expect(status).toBe(201);
    const file = path.join(there, 'logs a', 'run1', 'log.jsonl');
    expect(JSON.parse(body)).toStrictEqual({ path: file });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    for (const each of [there, path.dirname(file), file]) expect(statSync(each).mode & 0o077).toBe(0);
    expect((await ask('PUT', `/files/${id}/logs%20a/run1/log.jsonl`, 'again')).status).toBe(409);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect((await ask('DELETE', `/files/${id}`)).status).toBe(200);
    expect(left()).toStrictEqual([]);
    expect((await ask('PUT', `/files/${id}/x.lab`, 'x')).status).toBe(404);
  });

  it('hands a file out once, and goes with its last', async () => {
    await open();
    const { id, path: there } = await folder();
    writeFileSync(path.join(there, 'series.csv'), 'a,b\n');
    writeFileSync(path.join(there, 'repulsion.csv'), 'c\n');
    expect(await ask('GET', `/files/${id}/series.csv`)).toStrictEqual({ status: 200, body: 'a,b\n' });
    await expect.poll(() => readdirSync(there)).toStrictEqual(['repulsion.csv']);
    expect((await ask('GET', `/files/${id}/series.csv`)).status).toBe(404);
    expect((await ask('GET', `/files/${id}/repulsion.csv`)).status).toBe(200);
    await expect.poll(left).toStrictEqual([]);
  });

  it.each([
    '../x.lab',
    '..%2fx.lab',
    '%2e%2e/x.lab',
    'a/../../x.lab',
    'a//x.lab',
    '%2fetc%2fx.lab',
    'a%5c..%5cx.lab',
    'a%00.lab',
    '.lab',
    'program.sh',
    'log.jsonl.sh',
    'a/b/c/d/e/f/g/h/x.lab',
    '%zz.lab',
    '',
  ])('takes nothing at %s', async (place) => {
    await open();
    const { id } = await folder();
    const { status, body } = await ask('PUT', `/files/${id}/${place}`, 'x');
    expect([status, body]).toStrictEqual([400, expect.stringContaining('Only labs (.lab) and study logs')]);
    const inside = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(inside).toStrictEqual([]);
  });

  it('and lets nobody read what lies elsewhere', async () => {
    await open();
    const { id } = await folder();
    writeFileSync(lab, 'secret');
    for (const place of ['../x.lab', '..%2fx.lab', '%2e%2e%2fx.lab'])
      expect((await ask('GET', `/files/${id}/${place}`)).status).toBe(400);
  });
});

describe('who may', () => {
  it.each([
    ['without the cookie', { cookie: '' }, 401],
    ['with another cookie', { cookie: 'grokscope-1=x' }, 401],
    ['from another origin', { origin: 'http://evil.example' }, 403],
    ['from a page without one', { origin: 'null' }, 403],
    ['under another name', { host: 'evil.example' }, 403],
  ])('nobody %s', async (_, headers, status) => {
    await open();
    const { id, path: there } = await folder();
    writeFileSync(path.join(there, 'series.csv'), 'a\n');
    const asHim = { ...known(), ...headers };
    expect((await ask('POST', '/files', '', asHim)).status).toBe(status);
    expect((await ask('PUT', `/files/${id}/x.lab`, 'x', asHim)).status).toBe(status);
    expect((await ask('DELETE', `/files/${id}`, '', asHim)).status).toBe(status);
    expect((await ask('GET', `/files/${id}/series.csv`, '', asHim)).status).toBe(status);
    expect(readdirSync(there)).toStrictEqual(['series.csv']);
  });

  it('nobody who does not say where he comes from, but to read', async () => {
    await open();
    const { cookie } = known();
    const { id, path: there } = await folder();
    writeFileSync(path.join(there, 'series.csv'), 'a\n');
    expect((await ask('POST', '/files', '', { cookie })).status).toBe(403);
    expect((await ask('PUT', `/files/${id}/x.lab`, 'x', { cookie })).status).toBe(403);
    // A link's download names no origin, and a strict cookie comes with no other site's link.
    expect((await ask('GET', `/files/${id}/series.csv`, '', { cookie })).status).toBe(200);
  });
});

describe('how much', () => {
  it('not more than a folder may hold, and nothing is left of what was refused', async () => {
    await open({ bytes: 10, files: 2 });
    const { id, path: there } = await folder();
    expect((await ask('PUT', `/files/${id}/a.lab`, '123456')).status).toBe(201);
    const { status, body } = await ask('PUT', `/files/${id}/b.lab`, '12345');
    expect([status, body]).toStrictEqual([413, expect.stringContaining('cli -- import')]);
    expect((await ask('PUT', `/files/${id}/c.lab`, '1')).status).toBe(201);
    expect((await ask('PUT', `/files/${id}/d.lab`, '')).status).toBe(413);
    expect(readdirSync(there).toSorted()).toStrictEqual(['a.lab', 'c.lab']);
  });

  it('not more than the disk has to spare', async () => {
    await open({ spare: Number.MAX_SAFE_INTEGER });
    const { id } = await folder();
    expect(await ask('PUT', `/files/${id}/a.lab`, '1')).toMatchObject({
      status: 507,
      body: expect.stringMatching(/has 0 MB to spare, and this needs 1 MB/),
    });
  });

  it('not more folders than a person has use for', async () => {
    await open({ folders: 2 });
    await folder();
    await folder();
    expect((await ask('POST', '/files')).status).toBe(429);
  });

  it('nothing of a file that breaks off', async () => {
    await open();
    const { id, path: there } = await folder();
    await new Promise<void>((resolve) => {
      const broken = request({
        host: '127.0.0.1',
        port: host.port,
        path: `/files/${id}/a.lab`,
        method: 'PUT',
        headers: { ...known(), 'content-length': '1000' },
        agent: false,
      });
      broken.on('error', () => resolve());
      broken.write('the beginning');
      const look = setInterval(() => {
        if (!existsSync(path.join(there, 'a.lab'))) return;
        clearInterval(look);
        broken.destroy();
        resolve();
      }, 5);
    });
    await expect.poll(() => readdirSync(there)).toStrictEqual([]);
  });
});

describe('nothing stays behind', () => {
  it('when the host closes, when nobody asks any more, or when an earlier host was killed', async () => {
    mkdirSync(`${lab}-files-old`);
    writeFileSync(path.join(`${lab}-files-old`, 'half.lab'), 'x');
    mkdirSync(path.join(home, 'y.lab-files-other'));
    // Time passes here when the test says so: a folder is there for as long as nobody looks.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await open({ idle: 30 });
    expect(left()).toStrictEqual([]);
    // Another lab's.
    expect(existsSync(path.join(home, 'y.lab-files-other'))).toBe(true);
    await folder();
    vi.advanceTimersByTime(29);
    expect(left()).toHaveLength(1);
    vi.advanceTimersByTime(60);
    expect(left()).toStrictEqual([]);
    await host.close();
    vi.useRealTimers();
    await open();
    await folder();
    await host.close();
    expect(left()).toStrictEqual([]);
    await open();
  });
});
