import { readFileSync } from 'node:fs';
import path from 'node:path';
import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/**
 * Nuxt UI writes its colours into a `<style>` element as it starts, which the hosts' content security policy forbids: `main.css` defines
 * the same variables in a file of the window instead.
 */
function withoutStyleElement(): Plugin {
  return {
    name: 'grokscope:colours-from-a-file',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('@nuxt/ui/dist/runtime/plugins/colors.js')) return null;
      return 'export default { install() {} };';
    },
  };
}

/**
 * The text editor's styles too would come in a `<style>` element, unless the editor stood in a shadow root: there, style-mod adopts a style
 * sheet made by script, which the policy allows. Documents can adopt one as well, and do here.
 */
function withAdoptedStyleSheets(): Plugin {
  const inShadowRootsOnly = '!root.head && root.adoptedStyleSheets';
  return {
    name: 'grokscope:styles-by-script',
    enforce: 'pre',
    transform(code, id) {
      if (!/[\\/]style-mod[\\/]/.test(id)) return null;
      if (!code.includes(inShadowRootsOnly))
        throw new Error('style-mod has changed how it mounts styles: see vite.renderer.config.ts');
      return { code: code.replace(inShadowRootsOnly, 'root.adoptedStyleSheets'), map: null };
    },
  };
}

/** Browsers ask for it by this name wherever a page has not said otherwise, such as while they are let in. */
function withIcon(): Plugin {
  const source = readFileSync(path.join(root, 'assets', 'icons', 'icon.ico'));
  return {
    name: 'grokscope:icon',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'favicon.ico', source });
    },
  };
}

/** Nuxt UI's buttons turn a quarter paler under the pointer: too pale for AA. */
const legibleButtons = [
  { color: 'primary', variant: 'solid', class: 'hover:bg-primary/90 active:bg-primary/90' },
  { color: 'error', variant: 'solid', class: 'hover:bg-error/90 active:bg-error/90' },
  { color: 'warning', variant: 'solid', class: 'hover:bg-warning/90 active:bg-warning/90' },
  { color: 'primary', variant: 'link', class: 'hover:text-primary active:text-primary hover:underline' },
] as const;

export default defineConfig({
  root: path.join(root, 'src-renderer'),
  // Served from the root of a host, and from app:// by Electron.
  base: './',
  publicDir: false,
  plugins: [
    withoutStyleElement(),
    withAdoptedStyleSheets(),
    withIcon(),
    vue(),
    ui({
      root,
      dts: false,
      // Imported by name where they are used, so that the type check sees them.
      autoImport: false,
      components: false,
      colorMode: false,
      experimental: { componentDetection: true },
      // Every icon is in the bundle: a window makes no request to anyone but its host.
      icon: { clientBundle: { scan: { globInclude: ['src-renderer/**/*.{vue,ts}'], globExclude: [] } } },
      ui: { colors: { primary: 'sky', neutral: 'zinc' }, button: { compoundVariants: legibleButtons } },
    }),
  ],
  build: {
    outDir: path.join(root, 'dist', 'renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // A font or picture as a data: address would be refused.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
