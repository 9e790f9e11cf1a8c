import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { browserFlags } from '../e2e/open-window.ts';

/** A page that is told what to do and not listened to. */
export interface BarePage {
  /** Of JavaScript, awaited. */
  evaluate(expression: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
}

const answer = z.object({
  id: z.number().optional(),
  error: z.object({ message: z.string() }).optional(),
  result: z
    .looseObject({
      targetId: z.string().optional(),
      sessionId: z.string().optional(),
      result: z.looseObject({ value: z.unknown().optional() }).optional(),
      exceptionDetails: z.unknown().optional(),
    })
    .optional(),
});
type Result = NonNullable<z.infer<typeof answer>['result']>;

/**
 * Chromium without Playwright, which has every message of a WebSocket copied to itself: of 100 MB of series that is seconds of the
 * page's own thread, and what was measured was the copying.
 * @param before runs in each page before its own code
 */
export async function openBarePage(
  executable: string,
  {
    url,
    width,
    height,
    before,
  }: { readonly url: string; readonly width: number; readonly height: number; readonly before: string },
): Promise<BarePage> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-bare-'));
  const browser = spawn(
    executable,
    [...browserFlags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let text = '';
  let address: string | undefined;
  while (address === undefined) {
    const [chunk]: unknown[] = await once(browser.stderr, 'data');
    text += String(chunk);
    address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
  }
  browser.stderr.resume();
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const waiting = new Map<number, (said: z.infer<typeof answer>) => void>();
  socket.on('message', (data: Buffer) => {
    const said = answer.parse(JSON.parse(data.toString()));
    if (said.id !== undefined) waiting.get(said.id)?.(said);
  });
  let asked = 0;
  async function ask(method: string, params: object, sessionId?: string): Promise<Result> {
    const id = ++asked;
    const said = await new Promise<z.infer<typeof answer>>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
    waiting.delete(id);
    if (said.error) throw new Error(`${method}: ${said.error.message}`);
    return said.result ?? {};
  }
  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const tell = (method: string, params: object): Promise<Result> => ask(method, params, sessionId);
  await tell('Page.enable', {});
  await tell('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  await tell('Page.addScriptToEvaluateOnNewDocument', { source: before });
  await tell('Page.navigate', { url });
  return {
    async evaluate(expression) {
      const { result, exceptionDetails } = await tell('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails).slice(0, 600));
      return result?.value;
    },
    reload: () => tell('Page.reload', {}),
    async close() {
      const ended = once(browser, 'close');
      socket.close();
      browser.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
