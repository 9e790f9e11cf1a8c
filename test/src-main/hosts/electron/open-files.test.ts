import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesOfArguments, readUserFile } from '#main/hosts/electron/open-files.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'grokscope-open-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);

describe('the files of a command line', () => {
  it('are those with our extensions, made absolute, whatever Electron adds', () => {
    const argv = [
      '/opt/Grokscope/grokscope',
      '--allow-file-access-from-files=yes',
      '--original-process-start-time=1',
      'eta.yaml',
      'sub/Old.LAB',
      '/data/window.yml',
      'sweep.json',
      'notes.txt',
      '--user-data-dir=evil.lab',
      '.',
    ];
    expect(filesOfArguments(argv, '/home/ann')).toEqual([
      '/home/ann/eta.yaml',
      '/home/ann/sub/Old.LAB',
      '/data/window.yml',
      '/home/ann/sweep.json',
    ]);
  });
});

describe('what a user opens', () => {
  it('is a study with its text, a lab under its real path, or a folder', () => {
    writeFileSync(at('eta.yaml'), 'study: Eta\n');
    writeFileSync(at('a.lab'), 'lab');
    symlinkSync(at('a.lab'), at('b.lab'));
    mkdirSync(at('logs.json'));
    expect(readUserFile(at('eta.yaml'))).toEqual({
      kind: 'study',
      path: at('eta.yaml'),
      text: 'study: Eta\n',
    });
    expect(readUserFile(at('b.lab'))).toEqual({ kind: 'lab', path: at('a.lab') });
    expect(readUserFile(at('logs.json'))).toEqual({ kind: 'folder', path: at('logs.json') });
  });

  it('is refused with the file and the reason when it is not there, no file of ours, or far too large', () => {
    writeFileSync(at('notes.txt'), 'notes');
    writeFileSync(at('huge.yaml'), Buffer.alloc((1 << 20) + 1, 'a'));
    expect(() => readUserFile(at('gone.yaml'))).toThrow(`${at('gone.yaml')} cannot be opened (ENOENT`);
    expect(() => readUserFile(at('notes.txt'))).toThrow(
      'neither a lab (.lab) nor a study (.yaml, .yml, .json)',
    );
    expect(() => readUserFile(at('huge.yaml'))).toThrow('1048577 bytes is too large');
  });
});
