import { RPCLink } from '@orpc/client/websocket';
import { createClient } from '#shared/contract/client.ts';
import type { LabClient } from '#shared/contract/contract.ts';
import { problemsOf } from '#shared/contract/failures.ts';
import { followEvents } from '#shared/contract/follow-events.ts';
import type { LabEvent } from '#shared/models/lab.ts';
import { ProblemError, problem } from '#shared/models/problem.ts';
import { rpcPath } from '../web/serve.ts';
import { readAddress } from './host-address.ts';
import type { TrainingLab } from './training-lab.ts';

/** Connects to the host that has a lab open. @returns null when there is none that answers */
export async function attachLab(lab: string): Promise<TrainingLab | null> {
  const url = readAddress(lab);
  if (url === null) return null;
  const socket = await connect(new URL(url));
  if (socket === null) return null;
  let hungUp = false;
  const lost = new Promise<never>((_, reject) => {
    socket.addEventListener('close', () => {
      if (!hungUp)
        reject(
          problem(
            'run-failed',
            'The host that trains ended. Its lab keeps what was trained; run again to go on.',
          ),
        );
    });
  });
  return attachedLab(createClient(new RPCLink({ websocket: socket })), lost, () => {
    hungUp = true;
    socket.close();
  });
}

async function connect(url: URL): Promise<WebSocket | null> {
  const token = url.searchParams.get('token') ?? '';
  // Node's own, which can say who it is; a browser's could not.
  const headers = { cookie: `grokscope-${url.port}=${token}`, origin: url.origin };
  const socket = new WebSocket(`ws://${url.host}${rpcPath}`, { headers });
  const opened = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true), { once: true });
    socket.addEventListener('error', () => resolve(false), { once: true });
  });
  return opened ? socket : null;
}

/**
 * The lab of another host, as the command line trains in it.
 * @param lost rejects when the connection ends that nobody hung up
 */
export function attachedLab(raw: LabClient, lost: Promise<never>, hangUp: () => void): TrainingLab {
  const client = problemsAsErrors(raw);
  const listeners = new Set<(event: LabEvent) => void>();
  /** Called where events were left out, because this process did not read them in time. */
  const looks = new Set<() => void>();
  const stop = new AbortController();
  // Whoever waits for it hears of it; when nobody does, the next call fails by itself.
  lost.catch(() => undefined);

  async function follow(): Promise<void> {
    for await (const event of followEvents(client, stop.signal)) {
      if (event.type === 'resync') for (const look of looks) look();
      else for (const listener of listeners) listener(event);
    }
  }
  follow().catch(() => undefined);

  function subscribe(listener: (event: LabEvent) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async function isTraining(id: number): Promise<boolean> {
    const { paused, states } = await client.getStudy({ id });
    return !paused && states.queued + states.running + states.interrupted > 0;
  }

  return {
    attached: true,
    info: () => client.info(),
    createStudy: ({ text, file }, overrides) => client.createStudy({ text, file, overrides }),
    listStudies: () => client.listStudies({}),
    study: (id) => client.getStudy({ id }),
    setDetectors: (id, { detectors, intervals, late }) =>
      client.setDetectors({
        id,
        detectors,
        ...(intervals ? { intervals } : {}),
        ...(late ? { late } : {}),
      }),
    listRuns: async (studyId) => (await client.listRuns({ studyId })).runs,
    startStudy: (id, engine) => client.startStudy({ id, engine }),
    pauseStudy: (id) => client.pauseStudy({ id }),
    report: (id) => client.report({ id }),
    subscribe,
    async settled(id) {
      const ended = new Promise<void>((resolve, reject) => {
        const look = (): void => {
          isTraining(id).then((training) => {
            if (training) return;
            unsubscribe();
            looks.delete(look);
            resolve();
          }, reject);
        };
        looks.add(look);
        const unsubscribe = subscribe((event) => {
          if (event.type === 'studies' && event.studyId === id) look();
        });
        look();
      });
      await Promise.race([ended, lost]);
    },
    async close() {
      stop.abort();
      hangUp();
    },
  };
}

/** Expected failures as everything else of the command line has them. */
function problemsAsErrors(client: LabClient): LabClient {
  return new Proxy(client, {
    get(target, name, receiver) {
      const operation: unknown = Reflect.get(target, name, receiver);
      if (typeof operation !== 'function') return operation;
      return async (...input: unknown[]): Promise<unknown> => {
        try {
          return await operation(...input);
        } catch (error) {
          const problems = problemsOf(error);
          throw problems ? new ProblemError(problems) : error;
        }
      };
    },
  });
}
