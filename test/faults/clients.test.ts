import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { checkLab } from '#main/store/check-lab.ts';
import { Workbench } from '../src-main/hosts/cli/lab-command.ts';
import { seededFor, shortOrLong, summarize } from './fault-set.ts';
import { serveProcess } from './served-host.ts';
import type { ServedHost } from './served-host.ts';
import { hashOf } from './under-fire.ts';

const study = `study: Watched
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: ${shortOrLong(6000, 60_000)}
seeds: 0..1
probes:
  spectrum: { window: 10, layers: [W, V] }
`;

const bench = new Workbench();
const hosts: ServedHost[] = [];
let oracle: string;
/** Processor time of a host that trains the study with nobody at its door but who asks for its end. */
let secondsAlone: number;

beforeAll(async () => {
  bench.write('study.yaml', study);
  expect(
    (await bench.run('run', 'study.yaml', '--lab', 'oracle.lab', '--engine', 'plain', '--workers', '2')).code,
  ).toBe(0);
  oracle = hashOf(bench.path('oracle.lab'));
  const host = await trainingHost('alone.lab');
  const startedAt = processorSeconds(host);
  await expectFinished(host);
  secondsAlone = processorSeconds(host) - startedAt;
});
afterAll(async () => {
  for (const host of hosts) {
    host.leave();
    host.child.kill('SIGKILL');
    await host.outcome;
  }
  bench.remove();
});

/** A host with a study that trains. */
async function trainingHost(lab: string): Promise<ServedHost & { readonly studyId: number }> {
  const host = await idleHost(lab);
  return { ...host, studyId: await startTraining(host) };
}

async function idleHost(lab: string): Promise<ServedHost> {
  const host = await serveProcess(bench, lab);
  hosts.push(host);
  return host;
}

async function startTraining({ client }: ServedHost): Promise<number> {
  const { id } = await client.createStudy({ text: study, file: 'study.yaml' });
  await client.startStudy({ id, engine: 'plain' });
  return id;
}

/** Waits for the end of training, stops the host, and compares what it trained with an undisturbed run. */
async function expectUndisturbed(
  host: ServedHost & { readonly studyId: number },
  lab: string,
): Promise<void> {
  await expectFinished(host);
  host.leave();
  host.child.kill('SIGTERM');
  const { code, err } = await host.outcome;
  expect({ code, faults: err.includes('Fault in') }).toEqual({ code: 0, faults: false });
  expect(checkLab(bench.path(lab)).findings).toEqual([]);
  expect(hashOf(bench.path(lab))).toBe(oracle);
}

async function expectFinished(host: ServedHost & { readonly studyId: number }): Promise<void> {
  const { client, studyId } = host;
  await vi.waitFor(async () => expect((await client.getStudy({ id: studyId })).states.finished).toBe(2), {
    timeout: 10 * 60_000,
    interval: 200,
  });
}

/** A client that speaks the wire by hand: it follows the events and answers as often as it is told to. */
async function follow(host: ServedHost, batchesAsked: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, { headers: host.headers });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"i":"1","p":{"u":"/events","h":{"content-type":"text/event-stream"}}}');
  for (let batch = 0; batch < batchesAsked; batch++)
    socket.send('{"i":"1","t":3,"p":{"e":"message","d":{"json":"ready"}}}');
  return socket;
}

it('clients that vanish in the middle of a stream change nothing, however many they are', async () => {
  const below = seededFor('vanishing clients');
  const host = await trainingHost('vanish.lab');
  const count = shortOrLong(20, 500);
  for (let index = 0; index < count; index++) {
    const socket = await follow(host, 1 + below(20));
    await Promise.race([new Promise((resolve) => socket.once('message', resolve)), sleep(200)]);
    await sleep(below(30));
    if (below(2) === 0) socket.terminate();
    else socket.close();
  }
  await expectUndisturbed(host, 'vanish.lab');
  summarize(`clients that vanish mid-stream: ${count}; training ended with the hash of an undisturbed run.`);
});

it.skipIf(process.platform !== 'linux')(
  'clients that ask for everything and read nothing cost bounded memory and slow no training',
  async () => {
    const idle = await idleHost('slow.lab');
    const startedAt = processorSeconds(idle);
    // Before anything trains: a short study may be over while they connect.
    const sockets = await Promise.all(Array.from({ length: 20 }, () => follow(idle, 2000)));
    for (const socket of sockets) socket.pause();
    const host = { ...idle, studyId: await startTraining(idle) };
    const before = residentMegabytes(host);
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, residentMegabytes(host))), 100);
    await expectFinished(host);
    clearInterval(watch);
    const seconds = processorSeconds(host) - startedAt;
    for (const socket of sockets) socket.terminate();
    // What a host needs to serve at all varies by some 50 MB with the garbage; 20 clients without a bound would pass this in time.
    expect(most - before).toBeLessThan(150);
    // Of processor time, which other work on the machine does not change much: what the host takes, the trainers lose.
    expect(seconds).toBeLessThan(2 * secondsAlone + 5);
    await expectUndisturbed(host, 'slow.lab');
    summarize(
      `20 clients that read nothing: ${Math.round(most - before)} MB more at most in the host; ${seconds.toFixed(1)} s of its processor time, ${secondsAlone.toFixed(1)} s without them.`,
    );
  },
);

/** Of the host itself, not of its trainers; 0 where there is no /proc. */
function processorSeconds({ child }: ServedHost): number {
  if (process.platform !== 'linux') return 0;
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  // Behind the name, which may hold anything, utime and stime are the twelfth and the thirteenth, in hundredths.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMegabytes({ child }: ServedHost): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

it('strangers at the door of a host that trains are refused with a sentence each, and training does not notice', async () => {
  const below = seededFor('strangers');
  const host = await trainingHost('strangers.lab');
  const { cookie } = host.headers;
  const strangers: readonly [string, Record<string, string>, number][] = [
    ['no token', {}, 401],
    ['a wrong token', { cookie: `grokscope-${host.port}=${'A'.repeat(43)}` }, 401],
    ['a foreign host', { cookie, host: 'evil.example' }, 403],
    ['a name rebound to this machine', { cookie, host: `evil.example:${host.port}` }, 403],
    ['a foreign origin', { cookie, origin: 'http://evil.example' }, 403],
    ['a page of another port', { cookie, origin: `http://127.0.0.1:${host.port + 1}` }, 403],
  ];
  const knocks = shortOrLong(60, 2000);
  for (let index = 0; index < knocks; index++) {
    const [who, headers, expected] = strangers[below(strangers.length)];
    const { status, body } = await ask(host.port, headers);
    expect({ who, status }).toEqual({ who, status: expected });
    expect(body).toMatch(/^This lab (answers only|is private).*\.\n$/);
    expect(await knock(host.port, { origin: host.headers.origin, ...headers })).toBe(expected);
  }
  await expectUndisturbed(host, 'strangers.lab');
  summarize(
    `strangers (no token, foreign Host, foreign Origin): ${2 * knocks} requests to a training host, all refused.`,
  );
});

/** With `http.request`, which lies about the host where fetch would not. */
function ask(port: number, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** How an upgrade ends: open, or the status it was refused with. */
function knock(port: number, headers: Record<string, string>): Promise<'open' | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers });
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
