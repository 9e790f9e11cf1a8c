import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Refusal } from './respond.ts';

/** Decides who is let in: this launch's token, from a page of this host, asked for under this host's name. */
export interface Guard {
  /** The address that lets a browser in. */
  readonly entrance: string;
  /** What a browser is given when it comes by the entrance, so that the token leaves the address bar. */
  readonly cookie: string;
  /** Why this request must not go on whatever it asks for; null when it may. */
  refuseForeign(request: IncomingMessage): Refusal | null;
  /** Whether the request carries the token, as a cookie. */
  isKnown(request: IncomingMessage): boolean;
  /** Whether this is the token. */
  isToken(candidate: string): boolean;
  /** Like `refuseForeign`, for what does more than read: such a request must say that it comes from a page of this host. */
  refuseForeignAction(request: IncomingMessage): Refusal | null;
  /** Why this request may do nothing: foreign, or without the token. */
  refuseAction(request: IncomingMessage): Refusal | null;
}

const tokenBytes = 32;

const foreignHost: Refusal = {
  status: 403,
  message: 'This lab answers only under its own address, http://127.0.0.1 with its port.',
};
const foreignOrigin: Refusal = { status: 403, message: 'This lab answers only to its own pages.' };
export const unknownVisitor: Refusal = {
  status: 401,
  message: 'This lab is private: open the whole address that `serve` printed, with the token at its end.',
};

export function createGuard(port: number): Guard {
  const token = randomBytes(tokenBytes).toString('base64url');
  const expected = digest(token);
  // Browsers leave out a port 80, and share cookies between ports: two labs at once must not take each other's.
  const hosts = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host);
  const cookieName = `grokscope-${port}`;

  const isToken = (candidate: string): boolean => timingSafeEqual(digest(candidate), expected);
  const isKnown = (request: IncomingMessage): boolean => {
    const value = cookieOf(request, cookieName);
    return value !== null && isToken(value);
  };

  function refuseForeign({ headers }: IncomingMessage): Refusal | null {
    // Another name that leads here is a page that had its name rebound to this machine.
    if (headers.host === undefined || !hosts.includes(headers.host)) return foreignHost;
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return foreignOrigin;
    return null;
  }

  function refuseForeignAction(request: IncomingMessage): Refusal | null {
    // Browsers always name the origin of a WebSocket, and of everything but GET and HEAD.
    return refuseForeign(request) ?? (request.headers.origin === undefined ? foreignOrigin : null);
  }

  return {
    entrance: `http://127.0.0.1:${port}/?token=${token}`,
    cookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    refuseForeign,
    isKnown,
    isToken,
    refuseForeignAction,
    refuseAction: (request) => refuseForeignAction(request) ?? (isKnown(request) ? null : unknownVisitor),
  };
}

/** Of one length, so that the comparison takes one time whatever is sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieOf({ headers }: IncomingMessage, name: string): string | null {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
