import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Guard } from './guard.ts';
import { readJson } from './read-json.ts';
import type { Part, Refusal } from './respond.ts';
import { sendJson, sendRefusal } from './respond.ts';

/** What a host of a lab tells its pages, so that the next one can let them in again. */
export interface ReturningOptions {
  /** Kept from launch to launch beside the lab, for this user's eyes alone. */
  readonly key: Buffer;
  /** What starts a host for this lab again. */
  readonly command: string;
}

const nonceBytes = 32;
const nonce = z.string().regex(/^[\w-]{43}$/);
const proof = z.string().regex(/^[\w-]{43}$/);
const challengeSchema = z.object({ nonce });
const answerSchema = z.object({ nonce, proof });

/** A page answers at once; what is older was given up. */
const patienceMs = 30_000;
/** More at once is no browser. */
const mostWaiting = 100;

const notReturning: Refusal = {
  status: 403,
  message: 'This page belongs to another lab or to one of long ago: open the address that was printed.',
};
const nonsense: Refusal = { status: 400, message: 'This is not how a page comes back.' };

/**
 * Lets a page in that an earlier host of this lab had let in (docs/decisions/0008). Such a page learned the key while it was known; host and page
 * now show each other that they have it, the host first, without ever sending it. Whoever took the port meanwhile learns nothing of use:
 * both proofs are over this port and over numbers that each side makes anew.
 */
export function createReturningPages(guard: Guard, port: number, { key, command }: ReturningOptions): Part {
  const waiting = new Map<string, { readonly page: string; readonly since: number }>();

  function prove(side: 'host' | 'page', first: string, second: string): string {
    return createHmac('sha256', key)
      .update(`grokscope ${side} ${port} ${first} ${second}`)
      .digest('base64url');
  }

  async function challenge(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = challengeSchema.safeParse(await readJson(request));
    if (!asked.success) return sendRefusal(response, nonsense);
    forgetOld();
    const mine = randomBytes(nonceBytes).toString('base64url');
    waiting.set(mine, { page: asked.data.nonce, since: performance.now() });
    sendJson(response, 200, { nonce: mine, proof: prove('host', asked.data.nonce, mine) });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = answerSchema.safeParse(await readJson(request));
    if (!given.success) return sendRefusal(response, nonsense);
    const open = waiting.get(given.data.nonce);
    waiting.delete(given.data.nonce);
    if (!open || performance.now() - open.since > patienceMs) return sendRefusal(response, notReturning);
    const expected = Buffer.from(prove('page', given.data.nonce, open.page));
    if (!timingSafeEqual(expected, Buffer.from(given.data.proof))) return sendRefusal(response, notReturning);
    response.setHeader('set-cookie', guard.cookie);
    sendJson(response, 200, {});
  }

  function forgetOld(): void {
    for (const [id, { since }] of waiting)
      if (waiting.size >= mostWaiting || performance.now() - since > patienceMs) waiting.delete(id);
  }

  return {
    async answer(request, response) {
      const place = request.url ?? '';
      if (request.method !== 'POST' || !place.startsWith('/return/')) return false;
      const refusal =
        place === '/return/key' ? guard.refuseAction(request) : guard.refuseForeignAction(request);
      if (refusal) sendRefusal(response, refusal);
      else if (place === '/return/key') sendJson(response, 200, { key: key.toString('base64url'), command });
      else if (place === '/return/challenge') await challenge(request, response);
      else if (place === '/return/answer') await answer(request, response);
      else return false;
      return true;
    },
  };
}
