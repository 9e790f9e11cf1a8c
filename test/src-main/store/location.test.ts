import { expect, test } from 'vitest';
import { defaultLabPath } from '#main/store/location.ts';

// Oracles: the XDG Base Directory specification, Apple's File System Programming Guide, Windows' %APPDATA%.
test('on Linux the lab lives in XDG_DATA_HOME, or in ~/.local/share without it', () => {
  expect(defaultLabPath({ XDG_DATA_HOME: '/data' }, 'linux', '/home/a')).toBe('/data/grokscope/history.lab');
  expect(defaultLabPath({}, 'linux', '/home/a')).toBe('/home/a/.local/share/grokscope/history.lab');
});

test('an empty or relative XDG_DATA_HOME is ignored, as the specification says', () => {
  for (const value of ['', 'data', './data']) {
    expect(defaultLabPath({ XDG_DATA_HOME: value }, 'linux', '/home/a')).toBe(
      '/home/a/.local/share/grokscope/history.lab',
    );
  }
});

test('on macOS it lives in Application Support', () => {
  expect(defaultLabPath({ XDG_DATA_HOME: '/data' }, 'darwin', '/Users/a')).toBe(
    '/Users/a/Library/Application Support/grokscope/history.lab',
  );
});

test('on Windows it lives in APPDATA, or in its usual place without it', () => {
  expect(defaultLabPath({ APPDATA: 'D:\\Roaming' }, 'win32', 'C:\\Users\\a')).toBe(
    'D:\\Roaming\\grokscope\\history.lab',
  );
  expect(defaultLabPath({}, 'win32', 'C:\\Users\\a')).toBe(
    'C:\\Users\\a\\AppData\\Roaming\\grokscope\\history.lab',
  );
});
