import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  appSchemePrivileges,
  contentSecurityPolicy,
  createAppHandler,
} from '#main/hosts/electron/app-protocol.ts';

const base = mkdtempSync(path.join(os.tmpdir(), 'grokscope-app-'));
const folder = path.join(base, 'renderer');
mkdirSync(path.join(folder, 'assets'), { recursive: true });
writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>lab</title>');
writeFileSync(path.join(folder, 'assets', 'page one.js'), 'export {};');
writeFileSync(path.join(folder, 'notes.lab'), 'not for the window');
writeFileSync(path.join(base, 'secret.html'), 'hidden words');
mkdirSync(path.join(base, 'renderer-old'));
writeFileSync(path.join(base, 'renderer-old', 'index.html'), 'hidden words');
symlinkSync(path.join(base, 'secret.html'), path.join(folder, 'assets', 'link.html'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const handle = createAppHandler(folder);
const get = (url: string): Promise<Response> => handle({ url, method: 'GET' });

describe('app://', () => {
  it('serves the window at its root, and its files with their types', async () => {
    const page = await get('app://grokscope/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<title>lab</title>');
    const script = await get('app://grokscope/assets/page%20one.js?v=1#top');
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toContain('text/javascript');
  });

  it.each([
    'app://grokscope/../secret.html',
    'app://grokscope/%2e%2e/secret.html',
    'app://grokscope/..%2fsecret.html',
    'app://grokscope/assets/..%2f..%2fsecret.html',
    'app://grokscope/..%2frenderer-old%2findex.html',
    'app://grokscope/..%5csecret.html',
    'app://grokscope/%2fetc/passwd',
    'app://grokscope//etc/passwd',
    'app://grokscope/C%3a/secret.html',
    'app://grokscope/index.html%00.png',
    'app://grokscope/%E0%A4%A',
    'app://elsewhere/index.html',
    'app://grokscope:80/index.html',
    'file:///etc/passwd',
    'https://grokscope/index.html',
    'not an address',
  ])('never serves anything outside its folder: %s', async (url) => {
    const answer = await get(url);
    expect([403, 404]).toContain(answer.status);
    expect(await answer.text()).not.toContain('hidden words');
    expect(answer.headers.get('content-type')).toContain('text/plain');
  });

  it.each([
    'app://grokscope/..%2fsecret.html',
    'app://grokscope/..%2frenderer-old%2findex.html',
    'app://grokscope/..%2fnothing-there.html',
    'app://grokscope/..%5csecret.html',
    'app://elsewhere/index.html',
    'https://grokscope/index.html',
  ])('calls what leaves its folder or its host forbidden, not missing: %s', async (url) => {
    expect((await get(url)).status).toBe(403);
  });

  it('does not follow a link out of its folder', async () => {
    expect((await get('app://grokscope/assets/link.html')).status).toBe(403);
  });

  it('says what is missing, and what is of no type of its own', async () => {
    expect((await get('app://grokscope/nothing.js')).status).toBe(404);
    expect((await get('app://grokscope/notes.lab')).status).toBe(404);
    expect((await get('app://grokscope/assets')).status).toBe(404);
  });

  it('answers nothing but GET', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      expect((await handle({ url: 'app://grokscope/', method })).status).toBe(405);
    }
  });

  it('sends its policy with every answer, also with refusals', async () => {
    for (const url of [
      'app://grokscope/',
      'app://grokscope/nothing.js',
      'app://grokscope/..%2fsecret.html',
    ]) {
      const { headers } = await get(url);
      expect(headers.get('content-security-policy')).toBe(contentSecurityPolicy);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('is a secure origin of its own without any loosening', () => {
    expect(appSchemePrivileges.scheme).toBe('app');
    const { privileges } = appSchemePrivileges;
    expect(privileges).toMatchObject({ standard: true, secure: true });
    for (const loose of ['bypassCSP', 'corsEnabled', 'allowServiceWorkers', 'allowExtensions'] as const) {
      expect(privileges?.[loose] ?? false).toBe(false);
    }
  });
});

describe('the content security policy', () => {
  const directives = new Map(
    contentSecurityPolicy.split('; ').map((directive) => {
      const [name, ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );

  it('starts from nothing, and names every kind of content it allows', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    for (const closed of ['object-src', 'base-uri', 'form-action', 'frame-src', 'frame-ancestors']) {
      expect(directives.get(closed)).toEqual(["'none'"]);
    }
  });

  it('has no evaluated or inline script and no remote host', () => {
    expect(contentSecurityPolicy).not.toContain('unsafe-eval');
    expect(directives.get('script-src')).not.toContain("'unsafe-inline'");
    for (const source of [...directives.values()].flat()) {
      expect(["'self'", "'none'", 'data:', 'blob:']).toContain(source);
    }
  });
});
