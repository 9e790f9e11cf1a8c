import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');
const sources = ['src-renderer', 'shared', 'vite.renderer.config.ts', 'package-lock.json'];

/** Builds the window into dist/renderer, as `npm run build` does, unless what is there is newer than every source. */
export async function buildWindow(): Promise<void> {
  const built = statSync(path.join(root, 'dist', 'renderer', 'index.html'), { throwIfNoEntry: false });
  if (built && built.mtimeMs > Math.max(...sources.map(newest))) return;
  await build({ configFile: path.join(root, 'vite.renderer.config.ts'), logLevel: 'warn' });
}

function newest(source: string): number {
  const place = path.join(root, source);
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((file) => statSync(path.join(place, file)).mtimeMs));
}
