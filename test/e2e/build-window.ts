import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { inTurn } from '#main/setup/turn.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');
/** Test files run side by side, and each build begins by emptying what the last one made. */
const turn = path.join(dist, '.window-is-built-by');
const sources = [
  'src-renderer',
  'shared',
  'vite.renderer.config.ts',
  'package-lock.json',
  'test/e2e/build-window.ts',
];

/** Builds the window into dist/renderer, as `npm run build` does, unless what is there is newer than every source. */
export async function buildWindow(): Promise<void> {
  if (isBuilt()) return;
  await inTurn(
    turn,
    () => {
      if (!isBuilt()) build();
    },
    () => undefined,
  );
}

function isBuilt(): boolean {
  const built = statSync(path.join(dist, 'renderer', 'index.html'), { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs > Math.max(...sources.map(newest));
}

/**
 * In a process of its own: vitest says NODE_ENV=test, and a window built under that carries its libraries' code for development, which is
 * not what people run.
 */
function build(): void {
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  execFileSync(process.execPath, [vite, 'build', '-c', 'vite.renderer.config.ts', '-l', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function newest(source: string): number {
  const place = path.join(root, source);
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((file) => statSync(path.join(place, file)).mtimeMs));
}
