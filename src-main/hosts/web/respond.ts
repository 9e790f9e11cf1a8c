import type { IncomingMessage, ServerResponse } from 'node:http';

/** Why a request is not answered, as a sentence for whoever made it. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** A part of the host. */
export interface Part {
  /** Answers what is its own. @returns whether it was */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export function sendRefusal(response: ServerResponse, { status, message }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${message}\n`);
}

/** A page of the host itself, with no scripts and no styles. */
export function sendPage(
  response: ServerResponse,
  { head = '', body }: { head?: string; body: string },
): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Grokscope</title>${head}</head>\n<body>${body}</body></html>\n`,
  );
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
