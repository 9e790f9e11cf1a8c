// Bundles the desktop application: `node src-main/hosts/electron/bundle.ts` writes dist/main/{main.js,trainer.js,backup-worker.js,preload.cjs}.
// Our own code goes into the bundles; packages stay packages, so that the packaged application carries them as npm installed them.
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import type { InlineConfig } from 'vite';
import manifest from '../../../package.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '../../..');

/** Where the bundles go and what they are called; electron-builder.yml and package.json (`main`) name the same. */
export const desktopBundles = ['main.js', 'trainer.js', 'backup-worker.js', 'preload.cjs'] as const;

const packages = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)];

function isExternal(id: string): boolean {
  if (id === 'electron' || id.startsWith('node:') || builtinModules.includes(id)) return true;
  return packages.some((name) => id === name || id.startsWith(`${name}/`));
}

function bundleConfig(
  out: string,
  name: string,
  source: string,
  format: 'es' | 'cjs',
  external: (id: string) => boolean,
): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: out,
      emptyOutDir: false,
      ssr: path.join(root, 'src-main', source),
      target: 'node24',
      minify: false,
      rolldownOptions: {
        external,
        // One file each: a place found from `import.meta.dirname` must not move into a chunk's folder.
        output: { format, entryFileNames: name, codeSplitting: false },
      },
    },
    // Vite would make its own mind up about packages; `external` says it all.
    ssr: { noExternal: true, external: packages },
  };
}

/** Writes the bundles into `out`. */
export async function bundleDesktop(out: string): Promise<void> {
  await build(bundleConfig(out, 'main.js', 'hosts/electron/main.ts', 'es', isExternal));
  await build(bundleConfig(out, 'trainer.js', 'trainer/entry.ts', 'es', isExternal));
  await build(bundleConfig(out, 'backup-worker.js', 'store/backup-worker.ts', 'es', isExternal));
  // A sandboxed preload is CommonJS and can require Electron alone.
  await build(
    bundleConfig(out, 'preload.cjs', 'hosts/electron/preload.ts', 'cjs', (id) => id === 'electron'),
  );
}

if (import.meta.main) await bundleDesktop(path.join(root, 'dist', 'main'));
