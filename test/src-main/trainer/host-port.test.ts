// A forked trainer is tested with a real process (hosts/node-trainers.test.ts); here the line of Electron's utility process.
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openHostPort } from '#main/trainer/host-port.ts';
import type { HostedProcess } from '#main/trainer/host-port.ts';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';

const request: TrainerRequest = { type: 'inspect', engine: 'plain', measure: false };
const finished: TrainerMessage = { type: 'finished', seconds: 1, peakMemoryBytes: 2 };

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
