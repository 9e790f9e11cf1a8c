import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findElectron } from '#main/hosts/cli/find-electron.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-find-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const [place, file] of [
  ['package/dist', 'electron'],
  ['own', 'electron.exe'],
]) {
  mkdirSync(path.join(folder, place), { recursive: true });
  writeFileSync(path.join(folder, place, file), '');
}
const inPackage = path.join(folder, 'package');
const own = path.join(folder, 'own');

describe('the Electron that is tested', () => {
  it("is the package's own, or the one that is named", () => {
    expect(findElectron({ DISPLAY: ':0' }, 'linux', inPackage)).toEqual({
      binary: path.join(inPackage, 'dist', 'electron'),
    });
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: own }, 'win32', inPackage)).toEqual({
      binary: path.join(own, 'electron.exe'),
    });
  });

  it('is missing with a reason', () => {
    expect(findElectron({}, 'darwin', inPackage)).toMatchObject({
      missing: expect.stringContaining('no Electron binary'),
    });
    expect(findElectron({}, 'linux', inPackage)).toMatchObject({
      missing: expect.stringContaining('no display'),
    });
  });
});
