import type { ForkOptions } from 'electron';
import type { RunningTrainer, Trainers } from '../../core/trainers.ts';
import { trainerMessageSchema } from '../../trainer/messages.ts';
import { trainerEnvironment, trainerFlags } from '../trainer-environment.ts';

/** What is used of Electron's UtilityProcess. */
export interface TrainerProcess {
  readonly pid: number | undefined;
  readonly stderr: NodeJS.ReadableStream | null;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  postMessage(message: unknown, transfer: never[]): void;
  kill(): boolean;
}

export interface UtilityParts {
  /** `utilityProcess.fork`, which works only after `ready`. */
  fork(entry: string, args: string[], options: ForkOptions): TrainerProcess;
  /** The bundled trainer. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `kill()` asks (SIGTERM); a process that hangs in native code may not hear it. */
  killHard(pid: number): void;
}

const errorTail = 2_000;
const patienceMilliseconds = 2_000;
/** `exit` may overtake the last words on the pipe. */
const wordsMilliseconds = 250;

/**
 * Trainers as Electron's utility processes. They say the same as forked ones (`hosts/node-trainers.ts`); what differs is their end:
 * a utility process lives until it is ended, so the host ends it once it has heard `finished` or `failed`, and no message is lost.
 */
export function createUtilityTrainers(parts: UtilityParts): Trainers {
  return {
    start(request, onMessage, onEnd): RunningTrainer {
      const child = parts.fork(parts.entry, [], {
        execArgv: [...trainerFlags],
        env: { ...parts.environment, ...trainerEnvironment(request) },
        stdio: ['ignore', 'ignore', 'pipe'],
        serviceName: 'Grokscope trainer',
      });
      let saidLast = false;
      let deaf = false;
      let badMessage: string | null = null;
      let stderr = '';
      let gone = false;
      let impatience: ReturnType<typeof setTimeout> | undefined;
      child.stderr?.on('data', (chunk: Buffer | string) => {
        stderr = (stderr + chunk.toString()).slice(-errorTail);
      });

      function end(): void {
        deaf = true;
        if (gone || impatience !== undefined) return;
        const { pid } = child;
        child.kill();
        impatience = setTimeout(() => {
          if (pid !== undefined) parts.killHard(pid);
        }, patienceMilliseconds);
      }

      child.on('message', (raw) => {
        if (deaf) return;
        const parsed = trainerMessageSchema.safeParse(raw);
        if (!parsed.success) {
          badMessage = `The trainer sent a message that is not one (${parsed.error.issues[0].message}).`;
          end();
          return;
        }
        saidLast = parsed.data.type === 'finished' || parsed.data.type === 'failed';
        onMessage(parsed.data);
        if (saidLast) end();
      });
      child.on('exit', (code) => {
        if (gone) return;
        gone = true;
        deaf = true;
        clearTimeout(impatience);
        if (saidLast) onEnd(null);
        else void lastWords(child.stderr).then(() => onEnd(badMessage ?? deathOf(code, stderr)));
      });
      child.postMessage(request, []);
      return { kill: end };
    },
  };
}

function lastWords(stream: NodeJS.ReadableStream | null): Promise<void> {
  if (stream === null || !stream.readable) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wordsMilliseconds);
    stream.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function deathOf(code: number, stderr: string): string {
  const words = stderr.trim().split('\n').at(-1);
  return `The trainer process ended with code ${code}${words ? `; its last words: ${words}` : ''}.`;
}
