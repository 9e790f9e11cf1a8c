import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { problem } from '#shared/models/problem.ts';
import { createRouter } from '../../contract/router.ts';
import { serveWebSocket } from '../../contract/serve-web-socket.ts';
import type { Core } from '../../core/core.ts';
import { createGuard } from './guard.ts';
import { createPages } from './pages.ts';
import type { Part, Refusal } from './respond.ts';
import { sendRefusal } from './respond.ts';
import type { ReturningOptions } from './returning-pages.ts';
import { createReturningPages } from './returning-pages.ts';
import type { ScratchLimits } from './scratch-folders.ts';
import { createScratchFolders } from './scratch-folders.ts';
import { securityHeaders } from './security-headers.ts';

export interface WebHostOptions {
  /** 0, or none, takes a free one. */
  readonly port?: number;
  /** Taken instead of any free one where it is free: the port at which pages of this lab may still be open. */
  readonly preferredPort?: number;
  /** How pages that an earlier host of this lab let in come back; without it they do not. */
  readonly returning?: ReturningOptions;
  /** The built window. */
  readonly folder: string;
  /** Where files of a browser wait on their way in and out; without it none are taken. */
  readonly scratch?: { readonly prefix: string; readonly limits?: Partial<ScratchLimits> };
  /** Hears one line for each thing a person running the host should know. */
  readonly log: (line: string) => void;
}

export interface WebHost {
  /** With the token of this launch in it: whoever has it has the lab. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Nobody but this machine. */
const address = '127.0.0.1';
/** The contract's WebSocket. */
export const rpcPath = '/rpc';
/** Far above any study file, far below what would hurt. */
const longestMessage = 8 * 1024 * 1024;

/**
 * Serves the window and the contract to browsers of this machine that know this launch's token.
 * @throws ProblemError bad-argument when the port is taken or not allowed
 */
export async function serveLab(core: Core, options: WebHostOptions): Promise<WebHost> {
  const { port, preferredPort = 0, folder, log, returning, scratch } = options;
  const server = createServer();
  const bound =
    port === undefined ? await listenPreferably(server, preferredPort) : await listen(server, port);
  const guard = createGuard(bound);
  const folders = scratch === undefined ? null : createScratchFolders(guard, scratch.prefix, scratch.limits);
  const parts = [
    ...(folders === null ? [] : [folders]),
    ...(returning === undefined ? [] : [createReturningPages(guard, bound, returning)]),
    createPages(folder, guard),
  ];
  const headers = securityHeaders(bound);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessage,
    perMessageDeflate: false,
  });
  const router = createRouter(core);

  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(parts, request, response).catch((error: unknown) => {
      log(`A page could not be served: ${describe(error)}`);
      if (response.headersSent) response.destroy();
      else
        sendRefusal(response, {
          status: 500,
          message: 'The lab could not serve this page; its log has the details.',
        });
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A socket that breaks before ws takes it over must not end the process.
    socket.on('error', () => socket.destroy());
    const refusal = guard.refuseAction(request) ?? (request.url === rpcPath ? null : noSocketHere);
    if (refusal) refuseUpgrade(socket, refusal);
    else
      sockets.handleUpgrade(request, socket, head, (client) =>
        serveWebSocket(router, client, (error, operation) =>
          log(`Fault in ${operation}: ${describe(error)}`),
        ),
      );
  });
  return {
    url: guard.entrance,
    port: bound,
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      folders?.close();
    },
  };
}

/** The first part whose request it is has answered it. */
async function answer(
  parts: readonly Part[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const part of parts) if (await part.answer(request, response)) return;
}

const noSocketHere: Refusal = { status: 404, message: `The lab is spoken to at ${rpcPath}.` };

async function listenPreferably(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  try {
    return await listen(server, port);
  } catch {
    return listen(server, 0);
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return Promise.reject(
      problem('bad-argument', `The port must be a whole number in 0..65535, got ${port}.`),
    );
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenProblem(error, port)));
    server.listen({ port, host: address, exclusive: true }, () => {
      const bound = server.address();
      if (typeof bound === 'object' && bound !== null) resolve(bound.port);
      else reject(new Error('A server that listens has no address.'));
    });
  });
}

function listenProblem(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return problem(
      'bad-argument',
      `Port ${port} is taken by another program: name another with --port, or none to take a free one.`,
    );
  if (error.code === 'EACCES')
    return problem(
      'bad-argument',
      `Port ${port} is reserved by the system: name one from 1024 to 65535 with --port.`,
    );
  return error;
}

/** As short as HTTP allows: the client was never let in. */
function refuseUpgrade(socket: Duplex, { status, message }: Refusal): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
