import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { RunningTrainer, Trainers } from '../core/trainers.ts';
import { trainerMessageSchema } from '../trainer/messages.ts';
import { compileCache } from './compile-cache.ts';
import { trainerEnvironment, trainerFlags } from './trainer-environment.ts';

const entry = path.join(import.meta.dirname, '..', 'trainer', 'entry.ts');

/** What is kept of a trainer's standard error, to explain a death. */
const errorTail = 2_000;

/**
 * Trainers as forked Node processes that run this script.
 * @param more environment of theirs alone
 */
export function forkTrainers(script: string, more: Readonly<Record<string, string>> = {}): Trainers {
  return {
    start(request, onMessage, onEnd): RunningTrainer {
      const child = tryFork(script, { ...trainerEnvironment(request), ...more });
      if (child instanceof Error) {
        setImmediate(() => onEnd(notStarted(child)));
        return { kill: () => undefined };
      }
      let saidLast = false;
      let stderr = '';
      let badMessage: string | null = null;
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr = (stderr + chunk.toString()).slice(-errorTail);
      });
      child.on('message', (raw) => {
        // What follows a message that is not one is worth as little.
        if (badMessage !== null) return;
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
        badMessage ??= notStarted(error);
      });
      // `close` comes after the last message has been read, `exit` may not; a process that could not be started is closed too.
      child.on('close', (code, signal) => {
        if (saidLast) onEnd(null);
        else onEnd(badMessage ?? deathOf(code, signal, stderr));
      });
      if (child.connected) child.send(request, () => undefined);
      return { kill: () => void child.kill('SIGKILL') };
    },
  };
}

/** The trainers of the command line and the web host, which run from TypeScript. */
export const nodeTrainers: Trainers = forkTrainers(entry, { NODE_COMPILE_CACHE: compileCache });

/** Without files or processes to be had, fork throws, or gives back something half made. */
function tryFork(script: string, more: Readonly<Record<string, string>>): ChildProcess | Error {
  try {
    return fork(script, [], {
      serialization: 'advanced',
      execArgv: [...process.execArgv, ...trainerFlags],
      env: { ...process.env, ...more },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function notStarted({ message }: Error): string {
  return `The trainer process could not be started: ${message}.`;
}

function deathOf(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  const words = stderr.trim().split('\n').at(-1);
  return `The trainer process ${how}${words ? `; its last words: ${words}` : ''}.`;
}
