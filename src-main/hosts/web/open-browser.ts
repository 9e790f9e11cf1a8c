import type { Terminal } from '../cli/terminal.ts';

/** Whether this session has a screen that a browser could open on. */
export function hasDisplay(environment: Terminal['environment'], platform: NodeJS.Platform): boolean {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY);
}

/** Opens the default browser. @returns false where there is none to be opened; the address is then for the user to open */
export async function openBrowser(
  url: string,
  environment: Terminal['environment'],
  platform: NodeJS.Platform,
): Promise<boolean> {
  if (!hasDisplay(environment, platform)) return false;
  try {
    const { default: open } = await import('open');
    const browser = await open(url);
    // The launcher can still fail after it was started; the address was printed, so there is nothing more to do.
    browser.on('error', () => {});
    return true;
  } catch {
    return false;
  }
}
