import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { forkTrainers, nodeTrainers } from '#main/hosts/node-trainers.ts';
import { trainerFlags } from '#main/hosts/trainer-environment.ts';
import { fromTheSeed } from '#main/trainer/checkpoint.ts';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';
import { referenceSettings } from '../trainer/reference-runs.ts';

interface Heard {
  readonly messages: readonly TrainerMessage[];
  readonly death: string | null;
}

/** Starts a real trainer process and hears it out; `onMessage` may kill it. */
function hearOut(
  request: TrainerRequest,
  onMessage?: (message: TrainerMessage, kill: () => void) => void,
): Promise<Heard> {
  return new Promise((resolve) => {
    const messages: TrainerMessage[] = [];
    const trainer = nodeTrainers.start(
      request,
      (message) => {
        messages.push(message);
        onMessage?.(message, () => trainer.kill());
      },
      (death) => resolve({ messages, death }),
    );
  });
}

const request: TrainerRequest = {
  type: 'train',
  start: fromTheSeed,
  spec: {
    settings: referenceSettings('small', { epochs: 60, repulsionEpochs: [20] }),
    seed: 0,
    engine: 'plain',
  },
};

describe('a trainer process', () => {
  it('says it started, sends every row once and in order, its probe, and that it finished', async () => {
    const { messages, death } = await hearOut(request);
    expect(death).toBeNull();
    expect(messages[0].type).toBe('started');
    expect(messages.at(-1)?.type).toBe('finished');
    const epochs = messages.flatMap((message) =>
      message.type === 'rows'
        ? message.columns[0].length === 0
          ? []
          : Array.from(message.columns[0], (_, i) => message.firstEpoch + i)
        : [],
    );
    expect(epochs).toEqual(Array.from({ length: 61 }, (_, epoch) => epoch));
    const order = messages.map((message) => message.type);
    expect(order.indexOf('probe')).toBeGreaterThan(order.indexOf('probing'));
    expect(messages.filter((message) => message.type === 'probe')).toHaveLength(1);
  });

  it('that is killed is reported with the signal, after its last message', async () => {
    // Longer than this process may stand still: one that has said its last is not killed.
    const settings = referenceSettings('small', { epochs: 1_000_000 });
    const long: TrainerRequest = { ...request, spec: { ...request.spec, settings } };
    const { messages, death } = await hearOut(long, (message, kill) => {
      if (message.type === 'rows') kill();
    });
    expect(death).toContain('SIGKILL');
    expect(messages.some((message) => message.type === 'finished')).toBe(false);
  });

  it('that is asked for an engine whose addon does not load fails with the remedy', async () => {
    vi.stubEnv('NODE_OPTIONS', '--no-addons');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { messages, death } = await hearOut({ type: 'inspect', engine: 'tensorflow', measure: false });
    expect(death).toBeNull();
    expect(messages.at(-1)).toMatchObject({ type: 'failed', code: 'engine-unavailable' });
  });

  it('has a small nursery and one heap beside it, can collect what is young, and has the flags of its host', async () => {
    const script = path.join(mkdtempSync(path.join(os.tmpdir(), 'grokscope-flags-')), 'trainer.mjs');
    onTestFinished(() => rmSync(path.dirname(script), { recursive: true }));
    const words = 'process.execArgv.join(" "), typeof gc, process.env.MALLOC_ARENA_MAX';
    writeFileSync(script, `console.error(${words}); process.exit(3);`);
    const death = await new Promise((resolve) => {
      forkTrainers(script).start(request, () => undefined, resolve);
    });
    expect(death).toContain([...process.execArgv, ...trainerFlags, 'function', '1'].join(' '));
  });

  it('whose script is not there ends with its last words, once', async () => {
    const ends: (string | null)[] = [];
    await new Promise<void>((resolve) => {
      forkTrainers('/nowhere/trainer.ts').start(
        request,
        () => undefined,
        (death) => {
          ends.push(death);
          setTimeout(resolve, 100);
        },
      );
    });
    expect(ends).toEqual([expect.stringMatching(/^The trainer process ended with code 1; its last words: /)]);
  });
});
