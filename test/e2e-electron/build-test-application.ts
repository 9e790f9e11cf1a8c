import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { bundleDesktop } from '#main/hosts/electron/bundle.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Lays out in `folder` what a package holds, with the real bundles and this suite's own page for a window. */
export async function buildTestApplication(folder: string): Promise<void> {
  const renderer = path.join(folder, 'dist', 'renderer');
  mkdirSync(renderer, { recursive: true });
  const manifest = { name: 'grokscope-e2e', version: '0.0.0', type: 'module', main: 'dist/main/main.js' };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  for (const name of ['node_modules', 'assets', path.join('dist', 'wasm'), path.join('dist', 'native')]) {
    symlinkSync(
      path.join(root, name),
      path.join(folder, name),
      process.platform === 'win32' ? 'junction' : 'dir',
    );
  }
  await bundleDesktop(path.join(folder, 'dist', 'main'));
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: renderer,
      emptyOutDir: false,
      lib: {
        entry: path.join(import.meta.dirname, 'page.ts'),
        formats: ['es'],
        fileName: () => 'page.js',
      },
    },
  });
  writeFileSync(
    path.join(renderer, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>Grokscope</title><script type="module" src="./page.js"></script>',
  );
}
