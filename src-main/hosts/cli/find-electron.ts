import { existsSync } from 'node:fs';
import path from 'node:path';

const executables: Readonly<Record<string, string>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

/** The Electron of this machine, or why there is none. Nothing is downloaded. */
export function findElectron(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  packageFolder: string,
): { readonly binary: string } | { readonly missing: string } {
  const named = env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = named ? named : path.join(packageFolder, 'dist');
  const binary = path.join(folder, executables[platform] ?? 'electron');
  if (!existsSync(binary)) {
    return {
      missing: `there is no Electron binary at ${binary}; fetch it (npx install-electron) or set ELECTRON_OVERRIDE_DIST_PATH`,
    };
  }
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { missing: 'there is no display; run it under xvfb-run' };
  }
  return { binary };
}
