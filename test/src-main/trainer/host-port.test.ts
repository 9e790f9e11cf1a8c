// A forked trainer that trains is tested in hosts/node-trainers.test.ts; here are the lines alone.
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forkTrainers } from '#main/hosts/node-trainers.ts';
import { openHostPort } from '#main/trainer/host-port.ts';
import type { HostedProcess } from '#main/trainer/host-port.ts';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';
import { temporaryFolder } from '../store/lab-fixtures.ts';

const request: TrainerRequest = { type: 'inspect', engine: 'plain', measure: false };
const finished: TrainerMessage = { type: 'finished', seconds: 1, peakMemoryBytes: 2 };

/** The path of a module of the trainer, quoted. */
function source(name: string): string {
  return JSON.stringify(join(import.meta.dirname, '../../../src-main/trainer', name));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

class FakeParentPort extends EventEmitter {
  readonly posted: unknown[] = [];
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
}

class FakeProcess extends EventEmitter implements HostedProcess {
  readonly parentPort: FakeParentPort | undefined;
  readonly sent: unknown[] = [];
  exits = 0;
  disconnects = 0;
  delivered: (() => void)[] = [];

  constructor(parentPort?: FakeParentPort) {
    super();
    this.parentPort = parentPort;
  }
  readonly send = (message: unknown, done: () => void): boolean => {
    this.sent.push(message);
    this.delivered.push(done);
    return true;
  };
  readonly disconnect = (): void => void this.disconnects++;
  exit(): void {
    this.exits++;
  }
}

describe('a trainer in a utility process', () => {
  it('takes the request out of the event, and answers through its parent port alone', () => {
    const parent = new FakeParentPort();
    const self = new FakeProcess(parent);
    const host = openHostPort(self);
    const requests: TrainerRequest[] = [];
    host.onRequest((heard) => requests.push(heard));
    parent.emit('message', { data: request });
    parent.emit('message', { data: request });
    host.send({ type: 'probing', epoch: 3 });
    host.sendLast(finished);
    expect(requests).toEqual([request]);
    expect(parent.posted).toEqual([{ type: 'probing', epoch: 3 }, finished]);
    expect(self.sent).toEqual([]);
  });

  it('does not end itself after its last message: the host does, once it has read it', () => {
    const self = new FakeProcess(new FakeParentPort());
    openHostPort(self).sendLast(finished);
    expect(self.exits).toBe(0);
    expect(self.disconnects).toBe(0);
  });
});

describe('a forked trainer', () => {
  it('writes a message larger than its pipe before it computes on, or it would lie there for dozens of epochs', async () => {
    const folder = temporaryFolder();
    const script = join(folder, 'trainer.ts');
    const heardIt = join(folder, 'heard');
    writeFileSync(
      script,
      `import { existsSync } from 'node:fs';
      import { createBreather } from ${source('breather.ts')};
      import { openHostPort } from ${source('host-port.ts')};
      const host = openHostPort(process);
      host.onRequest(async () => {
        host.send({ type: 'rows', firstEpoch: 0, names: ['a'], columns: [new Float64Array(650_000)] });
        await createBreather(0, host)();
        // Computes on until the message has been heard, and writes nothing meanwhile.
        const nothing = new Int32Array(new SharedArrayBuffer(4));
        for (let look = 0; look < 1200 && !existsSync(${JSON.stringify(heardIt)}); look++) Atomics.wait(nothing, 0, 0, 50);
        host.sendLast({ type: 'finished', seconds: Number(existsSync(${JSON.stringify(heardIt)})), peakMemoryBytes: 0 });
      });`,
    );
    const heard: TrainerMessage[] = [];
    const death = await new Promise((resolve) => {
      forkTrainers(script).start(
        request,
        (message) => {
          heard.push(message);
          if (message.type === 'rows') writeFileSync(heardIt, '');
        },
        resolve,
      );
    });
    expect(death).toBeNull();
    expect(heard).toMatchObject([{ type: 'rows' }, { type: 'finished', seconds: 1 }]);
  });

  it('waits for a host that is stopped, goes on when that goes on, and ends when that dies', async () => {
    const folder = temporaryFolder();
    const marks = { sent: join(folder, 'sent'), written: join(folder, 'written') };
    const trainer = join(folder, 'trainer.ts');
    writeFileSync(
      trainer,
      `import { writeFileSync } from 'node:fs';
      import { createBreather } from ${source('breather.ts')};
      import { openHostPort } from ${source('host-port.ts')};
      const host = openHostPort(process);
      host.onRequest(async () => {
        for (let round = 1; ; round++) {
          process.kill(process.ppid, 'SIGSTOP');
          host.send({ type: 'rows', firstEpoch: 0, names: ['a'], columns: [new Float64Array(650_000)] });
          writeFileSync(${JSON.stringify(marks.sent)} + round, String(process.pid));
          await createBreather(0, host)();
          writeFileSync(${JSON.stringify(marks.written)} + round, '');
        }
      });`,
    );
    const script = join(folder, 'host.ts');
    writeFileSync(
      script,
      `import { forkTrainers } from ${source('../hosts/node-trainers.ts')};
      forkTrainers(${JSON.stringify(trainer)}).start(${JSON.stringify(request)}, () => undefined, () => undefined);`,
    );
    const host = spawn(process.execPath, [script], { stdio: 'inherit' });
    onTestFinished(() => void host.kill('SIGKILL'));
    await expect.poll(() => existsSync(`${marks.sent}1`)).toBe(true);
    // It would be written in milliseconds.
    await sleep(300);
    expect(existsSync(`${marks.written}1`)).toBe(false);
    host.kill('SIGCONT');
    await expect.poll(() => existsSync(`${marks.written}1`)).toBe(true);
    // A file is there before what is written into it.
    const named = (): number =>
      existsSync(`${marks.sent}2`) ? Number(readFileSync(`${marks.sent}2`, 'utf8')) : 0;
    await expect.poll(named).toBeGreaterThan(0);
    const pid = named();
    expect(isThere(pid)).toBe(true);
    host.kill('SIGKILL');
    await expect.poll(() => isThere(pid)).toBe(false);
  });

  it('leaves when its last message is written, not before, and with its host', () => {
    const self = new FakeProcess();
    const host = openHostPort(self);
    host.sendLast(finished);
    expect(self.disconnects).toBe(0);
    for (const done of self.delivered) done();
    expect(self.disconnects).toBe(1);
    self.emit('disconnect');
    expect(self.exits).toBe(1);
  });
});
