import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builderConfig, root } from './builder-config.ts';

// electron-builder's own check; `createRequire` because these are inner files of a CommonJS package, without types.
const require = createRequire(import.meta.url);
const {
  validateConfiguration,
}: {
  validateConfiguration: (config: object, log: object) => Promise<void>;
} = require('app-builder-lib/out/util/config/config');
const { DebugLogger }: { DebugLogger: new (enabled: boolean) => object } = require('builder-util');
const validate = (config: object): Promise<void> => validateConfiguration(config, new DebugLogger(false));

const icons = path.join(root, 'assets', 'icons');
const read = (name: string): Buffer => readFileSync(path.join(icons, name));

describe('electron-builder.yml', () => {
  const config = builderConfig();

  it('is what electron-builder expects, and a misspelled field is not', async () => {
    await expect(validate(structuredClone(config))).resolves.toBeUndefined();
    await expect(validate({ ...config, asarUnpak: [] })).rejects.toThrow('asarUnpak');
  });

  it('makes an AppImage and a deb, a dmg, and an installer', () => {
    expect(config.linux.target).toEqual(['AppImage', 'deb']);
    expect(config.mac.target).toEqual(['dmg']);
    expect(config.win.target).toEqual(['nsis']);
  });

  it('leaves native addons and their library outside the archive', () => {
    expect(config.asar).toBe(true);
    expect(config.asarUnpack).toEqual([
      'dist/native/*.node',
      'node_modules/@tensorflow/tfjs-node/{lib,deps}/**',
    ]);
  });

  it('publishes nothing', () => {
    expect(config.publish).toBeNull();
  });

  it('owns labs on every system', () => {
    expect(config.fileAssociations).toHaveLength(1);
    expect(config.fileAssociations[0]).toMatchObject({
      ext: 'lab',
      mimeType: 'application/x-grokscope-lab',
      rank: 'Owner',
    });
    // Windows writes associations for all users or not at all.
    expect(config.nsis.perMachine).toBe(true);
  });

  it('offers itself for study files on every system without taking them over', () => {
    expect(config.mac.fileAssociations).toEqual([
      { ext: ['yaml', 'yml', 'json'], name: 'Grokscope study', role: 'Viewer', rank: 'Alternate' },
    ]);
    expect(config.linux.mimeTypes).toEqual(['application/yaml', 'application/json']);
    const script = readFileSync(path.join(root, config.nsis.include), 'utf8');
    for (const extension of ['.yaml', '.yml', '.json'])
      expect(script).toContain(`SupportedTypes" "${extension}"`);
    // The keys that would make it the default of an extension.
    expect(script).not.toMatch(/Classes\\\.(ya?ml|json)/);
  });
});

/** Width and height in a PNG's first chunk. */
function pngSize(png: Buffer): [number, number] {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe('the icons', () => {
  it('come from a drawing without script, link or font', () => {
    const svg = read('grokscope.svg').toString();
    expect(svg).toMatch(/^<svg /);
    expect(svg).not.toMatch(/<script|<image|<foreignObject|<text|href|\son\w+=/);
  });

  it('for Linux have the sizes they are named after', () => {
    const names = readdirSync(path.join(icons, 'png'));
    expect(names).toHaveLength(7);
    for (const name of names) {
      const size = Number.parseInt(name, 10);
      expect(`${size}x${size}.png`).toBe(name);
      expect(pngSize(read(`png/${name}`))).toEqual([size, size]);
    }
  });

  it('for Windows hold 16 to 256 pixels', () => {
    const ico = read('icon.ico');
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
      const entry = 6 + 16 * index;
      const [width, height] = pngSize(ico.subarray(ico.readUInt32LE(entry + 12)));
      expect(ico.readUInt8(entry)).toBe(width % 256);
      return [width, height];
    });
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256].map((size) => [size, size]));
  });

  it('for macOS hold up to 1024 pixels', () => {
    const icns = read('icon.icns');
    expect(icns.subarray(0, 4).toString()).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const largest = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      largest.push(pngSize(icns.subarray(at + 8))[0]);
    }
    expect(Math.max(...largest)).toBe(1024);
  });
});
