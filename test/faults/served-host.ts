import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createClient } from '#shared/contract/client.ts';
import type { LabClient } from '#shared/contract/contract.ts';
import { connectWebSocket } from '../../src-renderer/client/connect-web-socket.ts';
import type { Outcome, Workbench } from '../src-main/hosts/cli/lab-command.ts';

/** A `serve` process of its own, as a browser finds it. */
export interface ServedHost {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  readonly port: number;
  /** What a browser that came by the entrance sends along. */
  readonly headers: Readonly<Record<string, string>>;
  readonly client: LabClient;
  leave(): void;
}

/** @param environment more of it, of this process and its trainers */
export async function serveProcess(
  bench: Workbench,
  lab: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServedHost> {
  const { child, outcome } = bench.start(['serve', '--no-open', '--lab', lab, '--workers', '2'], environment);
  if (child.stdout === null) throw new Error('the host has no stdout');
  const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const { port, searchParams } = new URL(String(first.value));
  const origin = `http://127.0.0.1:${port}`;
  const headers = { cookie: `grokscope-${port}=${searchParams.get('token')}`, origin };
  const connection = connectWebSocket(`ws://127.0.0.1:${port}/rpc`, {
    createSocket: (url) => new globalThis.WebSocket(url, { headers }),
  });
  return {
    child,
    outcome,
    port: Number(port),
    headers,
    client: createClient(connection.link),
    leave: () => connection.close(),
  };
}
