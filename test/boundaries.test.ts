// The layers are held by lint (.oxlintrc.json). Here each boundary is broken in a copy of the tree's shape, and lint must see it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-boundaries-'));
cpSync(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const oxlint = path.join(root, 'node_modules', '.bin', 'oxlint');
  const { stdout, stderr } = spawnSync(oxlint, ['--deny-warnings', ...Object.keys(files)], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describe('lint refuses an import across a boundary', () => {
  it.each([
    ['shared/science/a.ts', '../models/run.ts', 'imports only itself'],
    ['shared/science/b.ts', 'node:fs', 'imports only itself'],
    ['shared/science/c.ts', '#shared/models/run.ts', 'imports only itself'],
    ['shared/models/a.ts', 'node:fs', 'shared runs anywhere'],
    ['shared/study/a.ts', '#main/store/database.ts', 'shared runs anywhere'],
    ['shared/report/a.ts', '@tensorflow/tfjs-node', 'shared runs anywhere'],
    ['shared/contract/a.ts', 'electron', 'shared runs anywhere'],
    ['shared/desktop/a.ts', 'electron', 'shared runs anywhere'],
    ['shared/run-table/a.ts', '#main/store/database.ts', 'shared runs anywhere'],
    ['src-renderer/stores/a.ts', '#main/core/run-study.ts', 'imports only shared'],
    ['src-renderer/stores/b.ts', 'node:path', 'imports only shared'],
    ['src-main/core/a.ts', 'electron', 'imports electron'],
    ['src-main/hosts/web/a.ts', '@tensorflow/tfjs-node', 'imports tfjs'],
    ['src-main/trainer/a.ts', '@tensorflow/tfjs-node', 'imports tfjs'],
    ['src-main/trainer/engines/a.ts', 'electron', 'Engines know no host'],
    ['src-main/core/b.ts', '../../src-renderer/main.ts', 'never imports the window'],
  ])('%s may not import %s', (file, imported, message) => {
    expect(lint({ [file]: `import { thing } from '${imported}';\nexport const other = thing;\n` })).toContain(
      message,
    );
  });

  it('a cycle', () => {
    const output = lint({
      'src-main/core/left.ts':
        "import { right } from './right.ts';\nexport const left = (): number => right();\n",
      'src-main/core/right.ts':
        "import { left } from './left.ts';\nexport const right = (): number => left();\n",
    });
    expect(output).toContain('no-cycle');
  });

  it('and lets through what is allowed', () => {
    const output = lint({
      'shared/science/d.ts': "import { e } from './e.ts';\nexport const d = e;\n",
      'shared/science/e.ts': "import { Matrix } from 'ml-matrix';\nexport const e = Matrix;\n",
      'src-main/trainer/engines/b.ts':
        "import { matMul } from '@tensorflow/tfjs-node';\nexport const product = matMul;\n",
      'src-main/hosts/electron/a.ts':
        "import { app } from 'electron';\nexport const quit = (): void => app.quit();\n",
    });
    expect(output).toContain('Found 0 warnings and 0 errors');
  });
});
