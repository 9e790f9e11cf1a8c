// Before any test, so that a single test file can be run in a clone whose kernels have changed.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

export function setup(): void {
  const script = path.resolve(import.meta.dirname, '../src-main/setup/kernels.mjs');
  execFileSync(process.execPath, [script], { stdio: 'inherit' });
}
