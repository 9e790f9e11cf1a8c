import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ForkOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trainerFlags } from '#main/hosts/trainer-environment.ts';
import { createUtilityTrainers } from '#main/hosts/electron/utility-trainers.ts';
import type { TrainerProcess } from '#main/hosts/electron/utility-trainers.ts';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';

/** A utility process as Electron documents it: `kill` asks, `exit` tells, and messages are copies. */
class FakeProcess extends EventEmitter implements TrainerProcess {
  readonly pid = 4711;
  readonly stderr = new PassThrough();
  readonly heard: unknown[] = [];
  kills = 0;
  postMessage(message: unknown): void {
    this.heard.push(structuredClone(message));
  }
  kill(): boolean {
    this.kills++;
    return true;
  }
  say(message: unknown): void {
    this.emit('message', structuredClone(message));
  }
  exit(code: number): void {
    this.emit('exit', code);
    this.stderr.end();
  }
}

const request: TrainerRequest = { type: 'inspect', engine: 'plain', measure: false };
const finished: TrainerMessage = { type: 'finished', seconds: 1, peakMemoryBytes: 2 };

function start() {
  const forks: { entry: string; args: string[]; options: ForkOptions }[] = [];
  const hardKills: number[] = [];
  const process = new FakeProcess();
  const trainers = createUtilityTrainers({
    fork: (entry, args, options) => {
      forks.push({ entry, args, options });
      return process;
    },
    entry: '/app/dist/main/trainer.js',
    environment: { HOME: '/home/ann', TF_NUM_INTRAOP_THREADS: '8' },
    killHard: (pid) => hardKills.push(pid),
  });
  const messages: TrainerMessage[] = [];
  const ends: (string | null)[] = [];
  const trainer = trainers.start(
    request,
    (message) => messages.push(message),
    (death) => ends.push(death),
  );
  return { forks, hardKills, process, trainer, messages, ends };
}

describe('a trainer in a utility process', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is the bundled one, has one compute thread, and hears its request', () => {
    const { forks, process } = start();
    expect(forks).toHaveLength(1);
    expect(forks[0].entry).toBe('/app/dist/main/trainer.js');
    expect(forks[0].options.env).toMatchObject({
      HOME: '/home/ann',
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: '1',
    });
    expect(forks[0].options.execArgv).toEqual([...trainerFlags]);
    expect(forks[0].options.stdio).toEqual(['ignore', 'ignore', 'pipe']);
    expect(process.heard).toEqual([request]);
  });

  it('is heard in order, with its arrays, ended by the host after its last word, and ends well', () => {
    const { process, messages, ends } = start();
    process.say({
      type: 'rows',
      firstEpoch: 0,
      names: ['loss'],
      columns: [Float64Array.of(1 / 3, Number.NaN)],
    });
    expect(process.kills).toBe(0);
    process.say(finished);
    expect(process.kills).toBe(1);
    expect(ends).toEqual([]);
    process.exit(15);
    expect(messages.map(({ type }) => type)).toEqual(['rows', 'finished']);
    const [rows] = messages;
    expect(rows.type === 'rows' && [...rows.columns[0]]).toEqual([1 / 3, Number.NaN]);
    expect(ends).toEqual([null]);
  });

  it('that dies is reported once, with its code and its last words, though they come after its end', async () => {
    const { process, ends } = start();
    process.emit('exit', 134);
    process.stderr.end('first line\nterminate called: out of memory\n');
    await vi.advanceTimersByTimeAsync(1000);
    process.emit('exit', 134);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ends).toEqual([
      'The trainer process ended with code 134; its last words: terminate called: out of memory.',
    ]);
  });

  it('that dies without a word, its pipe left open, is reported all the same', async () => {
    const { process, ends } = start();
    process.emit('exit', 9);
    await vi.advanceTimersByTimeAsync(300);
    expect(ends).toEqual(['The trainer process ended with code 9.']);
  });

  it('that sends what is no message is ended and reported', async () => {
    const { process, messages, ends } = start();
    process.say({ type: 'rows', firstEpoch: 'zero' });
    expect(process.kills).toBe(1);
    process.say(finished);
    process.exit(15);
    await vi.advanceTimersByTimeAsync(300);
    expect(messages).toEqual([]);
    expect(ends[0]).toContain('a message that is not one');
  });

  it('that is killed is not heard any more, and only its end is', async () => {
    const { process, trainer, messages, ends, hardKills } = start();
    trainer.kill();
    trainer.kill();
    expect(process.kills).toBe(1);
    process.say(finished);
    process.exit(15);
    await vi.advanceTimersByTimeAsync(5000);
    expect(messages).toEqual([]);
    expect(ends).toEqual(['The trainer process ended with code 15.']);
    expect(hardKills).toEqual([]);
    trainer.kill();
    expect(process.kills).toBe(1);
  });

  it('that does not end when asked is killed hard after two seconds', async () => {
    const { trainer, hardKills } = start();
    trainer.kill();
    await vi.advanceTimersByTimeAsync(1900);
    expect(hardKills).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(hardKills).toEqual([4711]);
  });
});
