import type { Shell, WebPreferences } from 'electron';
import { appHost, appScheme } from './app-protocol.ts';
import type { DesktopSession, GuardedContents, SenderFrame } from './electron-parts.ts';

/** Hosts a link of the window may open in the user's browser: where papers are. */
const linkHosts: readonly string[] = ['arxiv.org', 'doi.org'];

/** Everything is stated, also where Electron's default is the same: a default may change. */
export function securePreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    // The spell checker would download its dictionaries.
    spellcheck: false,
  };
}

/** Opens a web page outside, if it is https and on the short list. @returns whether it was */
export function openLink(shell: Pick<Shell, 'openExternal'>, address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.protocol !== 'https:' || !linkHosts.includes(url.host)) return false;
  // `host` has no credentials, but the address may: they are not passed on.
  if (url.username !== '' || url.password !== '') return false;
  void shell.openExternal(url.href);
  return true;
}

/** The window is one page for ever: it goes nowhere, opens no window, and holds no webview. */
export function guardContents(contents: GuardedContents, shell: Pick<Shell, 'openExternal'>): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openLink(shell, url);
    return { action: 'deny' };
  });
}

/** Addresses that never leave this machine. */
const localSchemes = [`${appScheme}:`, 'data:', 'blob:', 'devtools:'];

/** No camera, no location, no notification, no device; and no request that leaves this machine. */
export function guardSession(session: DesktopSession): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !localSchemes.some((scheme) => url.startsWith(scheme)) }),
  );
}

/** Whether a message comes from the page we loaded, in the top frame of one of our windows. */
export function isOurFrame(
  sender: { readonly id: number },
  frame: SenderFrame | null,
  ours: (contentsId: number) => boolean,
): boolean {
  if (frame === null || frame.parent !== null || !ours(sender.id)) return false;
  const url = URL.canParse(frame.url) ? new URL(frame.url) : null;
  return url !== null && url.protocol === `${appScheme}:` && url.host === appHost;
}
