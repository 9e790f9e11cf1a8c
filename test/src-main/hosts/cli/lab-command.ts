import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const main = path.resolve(import.meta.dirname, '../../../../src-main/hosts/cli/main.ts');

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own with the real command line in it, run as a user would, in a process. */
export class Workbench {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-cli-'));

  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  /**
   * @param more environment of this process
   * @param output a file of its own for standard output
   */
  start(
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
    output: number | 'pipe' = 'pipe',
  ): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: this.folder,
      env: {
        ...process.env,
        INIT_CWD: this.folder,
        XDG_DATA_HOME: this.path('data'),
        HOME: this.folder,
        ...more,
      },
      stdio: ['ignore', output, 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, out, err }));
    });
    return { child, outcome };
  }

  run(...args: string[]): Promise<Outcome> {
    return this.start(args).outcome;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Small enough to train in a second on the plain engine. */
export const tinyStudy = `study: Tiny
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: 40
seeds: 0..1
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
probes:
  repulsion: { epochs: [0, 40], pairs: 20, randomPairs: 50, identityPairs: 4 }
detectors:
  half: { kind: level, series: test.accuracy, threshold: 0.5 }
late: [30, 40]
`;
