import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const project = path.resolve(import.meta.dirname, '../../..');

/** What stands for tfjs-node's own installer. */
const installers = {
  brings: `const fs = require('fs');
fs.mkdirSync('lib/napi-v8', { recursive: true });
fs.mkdirSync('deps/lib', { recursive: true });
fs.writeFileSync('lib/napi-v8/tfjs_binding.node', '');
`,
  fails: `console.error('error: no such host'); process.exit(1);
`,
  // A program of its own that goes on, as a compiler's do, and both writing into the folder.
  hangs: `const { spawn } = require('child_process');
require('fs').mkdirSync('deps');
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
require('fs').writeFileSync(process.env.PIDS, process.pid + ' ' + child.pid);
setInterval(() => {}, 1000);
`,
} as const;

/** A folder with what set-up needs of a clone: a package that stands for tfjs-node, and a cache of its own. */
export class CloneWithoutTensorFlow {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'grokscope-tensorflow-'));
  readonly cache = path.join(this.root, 'cache');
  readonly package = path.join(this.root, 'node_modules', '@tensorflow', 'tfjs-node');
  readonly turn = path.join(this.root, 'dist', '.tensorflow-is-fetched-by');
  /** Where the installer that hangs leaves its process and its program's. */
  readonly pids = path.join(this.root, 'pids');
  readonly environment: Readonly<Record<string, string>>;

  constructor(installer: keyof typeof installers) {
    cpSync(path.join(project, 'src-main', 'setup'), path.join(this.root, 'src-main', 'setup'), {
      recursive: true,
    });
    mkdirSync(path.join(this.package, 'scripts'), { recursive: true });
    this.installer(installer);
    writeFileSync(path.join(this.package, 'package.json'), '{ "version": "1.0.0", "main": "index.js" }');
    writeFileSync(
      path.join(this.package, 'index.js'),
      'exports.matMul = () => ({ dataSync: () => [11] });\n',
    );
    const bin = path.join(this.root, 'bin');
    mkdirSync(bin);
    // Nothing here may reach the network.
    writeFileSync(path.join(bin, 'python3'), '#!/bin/sh\necho "error: no pip here" >&2\nexit 1\n');
    chmodSync(path.join(bin, 'python3'), 0o755);
    this.environment = {
      GROKSCOPE_CACHE: this.cache,
      PATH: [bin, process.env.PATH].join(path.delimiter),
      PIDS: this.pids,
    };
  }

  installer(kind: keyof typeof installers): void {
    writeFileSync(path.join(this.package, 'scripts', 'install.js'), installers[kind]);
  }

  get hasTensorFlow(): boolean {
    return existsSync(path.join(this.package, 'lib', 'napi-v8', 'tfjs_binding.node'));
  }

  /** What lies in the cache: one folder when TensorFlow is there, and nothing of what is half made. */
  get cached(): readonly string[] {
    return existsSync(this.cache) ? readdirSync(this.cache).toSorted() : [];
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
