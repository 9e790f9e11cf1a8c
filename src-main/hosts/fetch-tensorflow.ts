import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';

/** What src-main/setup/fetch-tensorflow.mjs says: nothing where TensorFlow is there already. */
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('fetching') }),
  z.object({ type: z.literal('came'), seconds: z.number() }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
]);

/** What a lab is told of it; `came`: from now on the engine can be had. */
export interface FetchNews {
  readonly level: 'info' | 'warning';
  readonly message: string;
  readonly came: boolean;
}

/** Names, for a window that `npm start` opens, the Node that brings TensorFlow meanwhile; a packaged application has what it has. */
export const fetchingNode = 'GROKSCOPE_FETCHING_NODE';

export interface FetchOptions {
  /** Of the clone. */
  readonly root: string;
  /** The Node that runs set-up; this process's own when not given. */
  readonly node?: string;
  readonly tell: (news: FetchNews) => void;
}

/** A process that clears up after itself has this long for it. */
const endMilliseconds = 5_000;

/**
 * Brings TensorFlow in the background where a clone has none yet: a process of its own, which ends with this one.
 * @returns what ends it before; resolves once it has cleared up
 */
export function fetchTensorFlow({ root, node, tell }: FetchOptions): () => Promise<void> {
  const child = fork(path.join(root, 'src-main', 'setup', 'fetch-tensorflow.mjs'), [root], {
    execPath: node ?? process.execPath,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Ctrl-C is for the lab, which then ends it.
    detached: true,
  });
  const ended = once(child, 'exit').catch(() => undefined);
  let open = false;
  let stopped = false;
  const say = (level: FetchNews['level'], message: string, came = false): void => {
    if (!stopped) tell({ level, message, came });
  };
  const failed = (reason: string): void => {
    open = false;
    say(
      'warning',
      `TensorFlow could not be had: ${reason}. Studies train on the lab’s own kernels. To try again: npm run setup`,
    );
  };
  child.on('message', (raw) => {
    const message = messageSchema.parse(raw);
    if (message.type === 'fetching') {
      open = true;
      say(
        'info',
        'TensorFlow is being fetched in the background (270 MB, once); studies train without it meanwhile.',
      );
    } else if (message.type === 'came') {
      open = false;
      say(
        'info',
        `TensorFlow is there, after ${Math.round(message.seconds)} s: engine tensorflow can be chosen.`,
        true,
      );
    } else failed(message.reason);
  });
  child.on('error', ({ message }) => failed(message));
  child.on('close', (code, signal) => {
    if (open) failed(`its set-up ended with ${signal ?? code}`);
  });

  return async () => {
    stopped = true;
    if (child.connected) child.disconnect();
    const hard = setTimeout(() => endGroup(child.pid), endMilliseconds);
    await ended;
    clearTimeout(hard);
  };
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
