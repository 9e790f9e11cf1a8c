import { z } from 'zod';

/** Lets a page in again at a host of its lab that was started anew (docs/decisions/0008). */
export interface WayBack {
  /** Learns from the host, while it knows the page, what the next one will know the page by. */
  learn(): Promise<void>;
  /** Looks for a host: `open` when it lets this page in, `lost` when nobody answers, `displaced` when it is not a host of this lab. */
  find(): Promise<'open' | 'lost' | 'displaced'>;
  /** What starts the host again; null before it told. */
  command(): string | null;
}

/** As the browser's and Node's types both have it. */
type HmacKey = Parameters<typeof crypto.subtle.sign>[1];
type Credentials = 'omit' | 'same-origin';

/** How a request is made: the browser's own, unless a test says otherwise. */
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const learnedSchema = z.object({ key: z.string(), command: z.string() });
const challengedSchema = z.object({ nonce: z.string(), proof: z.string() });
const patienceMs = 5000;

/**
 * The key stays in this page's memory and never leaves it: not in a store of the browser, which belongs to whoever has the port, and
 * not in a request. What is sent are proofs over the port and over numbers made anew on both sides.
 * @param port at which the page was loaded
 * @param ask addresses are relative to the page
 */
export function createWayBack(port: number, ask: Fetch = (url, init) => fetch(url, init)): WayBack {
  let key: HmacKey | null = null;
  let command: string | null = null;

  async function post(
    place: string,
    body: unknown,
    credentials: Credentials,
    signal?: AbortSignal,
  ): Promise<Response> {
    return ask(`/return/${place}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials,
      ...(signal && { signal }),
    });
  }

  async function prove(mine: HmacKey): Promise<'open' | 'displaced'> {
    const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
    // Without the cookie: whoever answers is not known yet.
    const challenged = await post('challenge', { nonce }, 'omit', AbortSignal.timeout(patienceMs));
    const theirs = challengedSchema.safeParse(await challenged.json().catch(() => null));
    if (!theirs.success) return 'displaced';
    const isHost = await crypto.subtle.verify(
      'HMAC',
      mine,
      fromBase64Url(theirs.data.proof),
      statement('host', port, nonce, theirs.data.nonce),
    );
    if (!isHost) return 'displaced';
    const proof = toBase64Url(
      new Uint8Array(
        await crypto.subtle.sign('HMAC', mine, statement('page', port, theirs.data.nonce, nonce)),
      ),
    );
    const answered = await post(
      'answer',
      { nonce: theirs.data.nonce, proof },
      'same-origin',
      AbortSignal.timeout(patienceMs),
    );
    return answered.ok ? 'open' : 'displaced';
  }

  return {
    async learn() {
      try {
        // However long it takes: a page without the key cannot come back by itself. A host that is gone ends the request.
        const answer = await post('key', {}, 'same-origin');
        const learned = learnedSchema.parse(await answer.json());
        ({ command } = learned);
        key = await crypto.subtle.importKey(
          'raw',
          fromBase64Url(learned.key),
          { name: 'HMAC', hash: 'SHA-256' },
          false,
          ['sign', 'verify'],
        );
      } catch {
        // A host without a way back, or one that just went: then `find` says what there is.
      }
    },
    async find() {
      try {
        // Without a key only the host that is there all along lets this page in.
        return key === null ? 'open' : await prove(key);
      } catch {
        return 'lost';
      }
    },
    command: () => command,
  };
}

/** What a side proves that it could sign; its own name is in it, so that nobody's proof serves as the other's. */
function statement(
  side: 'host' | 'page',
  port: number,
  first: string,
  second: string,
): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`grokscope ${side} ${port} ${first} ${second}`);
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
