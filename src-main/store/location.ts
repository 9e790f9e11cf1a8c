import { posix, win32 } from 'node:path';

/**
 * Where the lab file lives when none is named: the place the platform keeps application data, folder `grokscope`, file
 * `history.lab`. Everything it depends on comes in, so that one machine can test all three.
 */
export function defaultLabPath(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'win32') {
    return win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), 'grokscope', 'history.lab');
  }
  if (platform === 'darwin') {
    return posix.join(home, 'Library', 'Application Support', 'grokscope', 'history.lab');
  }
  const named = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path here is invalid and is ignored.
  const base = named !== undefined && posix.isAbsolute(named) ? named : posix.join(home, '.local', 'share');
  return posix.join(base, 'grokscope', 'history.lab');
}
