import { fork } from 'node:child_process';
import path from 'node:path';
import type { RunningTrainer, Trainers } from '../core/trainers.ts';
import { trainerMessageSchema } from '../trainer/messages.ts';

const entry = path.join(import.meta.dirname, '..', 'trainer', 'entry.ts');

/** One compute thread a trainer: as many processes as cores beat one process with as many threads (docs/results/speed.md). */
const trainerEnvironment = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '3',
};

/** What is kept of a trainer's standard error, to explain a death. */
const errorTail = 2_000;

/** Trainers as forked Node processes, for the command line and the web host. */
export const nodeTrainers: Trainers = {
  start(request, onMessage, onEnd): RunningTrainer {
    const child = fork(entry, [], {
      serialization: 'advanced',
      env: { ...process.env, ...trainerEnvironment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let saidLast = false;
    let stderr = '';
    let badMessage: string | null = null;
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-errorTail);
    });
    child.on('message', (raw) => {
      const parsed = trainerMessageSchema.safeParse(raw);
      if (!parsed.success) {
        badMessage = `The trainer sent a message that is not one (${parsed.error.issues[0].message}).`;
        child.kill('SIGKILL');
        return;
      }
      saidLast ||= parsed.data.type === 'finished' || parsed.data.type === 'failed';
      onMessage(parsed.data);
    });
    child.on('error', (error) => {
      badMessage ??= `The trainer process could not be started: ${error.message}.`;
      if (child.pid === undefined) onEnd(badMessage);
    });
    // `close` comes after the last message has been read, `exit` may not.
    child.on('close', (code, signal) => {
      if (saidLast) onEnd(null);
      else onEnd(badMessage ?? deathOf(code, signal, stderr));
    });
    child.send(request, () => undefined);
    return { kill: () => void child.kill('SIGKILL') };
  },
};

function deathOf(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  const words = stderr.trim().split('\n').at(-1);
  return `The trainer process ${how}${words ? `; its last words: ${words}` : ''}.`;
}
