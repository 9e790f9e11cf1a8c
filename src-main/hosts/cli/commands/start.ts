import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProblemError } from '#shared/models/problem.ts';
import { findElectron } from '../find-electron.ts';
import { fetchingNode } from '../../fetch-tensorflow.ts';
import { hasDisplay } from '../../web/open-browser.ts';
import { readAddress } from '../host-address.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { labPath } from './open-lab.ts';
import { serve } from './serve.ts';
import type { ServeOptions } from './serve.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const desktopMain = path.join(root, 'dist', 'main', 'main.js');

/**
 * `start`, what `npm start` runs: the Electron window where its binary and a screen are there, else the same lab in the browser.
 * A lab without a history starts the quick study.
 */
export async function startLab(terminal: Terminal, options: ServeOptions): Promise<number> {
  const electron = findElectron(
    terminal.environment,
    process.platform,
    path.join(root, 'node_modules', 'electron'),
  );
  if ('binary' in electron && hasDisplay(terminal.environment, process.platform) && existsSync(desktopMain)) {
    return runDesktop(electron.binary, options.fetchTensorflow === true);
  }
  try {
    return await serve(terminal, { ...options, firstStudy: 'quick', command: 'npm start' });
  } catch (error) {
    const locked = error instanceof ProblemError && error.problems.some(({ code }) => code === 'lab-locked');
    const url = locked ? readAddress(labPath(terminal, options)) : null;
    if (url === null) throw error;
    terminal.say('The lab is open already, here:');
    terminal.print(url);
    return exitCodes.done;
  }
}

async function runDesktop(binary: string, fetches: boolean): Promise<number> {
  const child = spawn(binary, [desktopMain], {
    stdio: 'inherit',
    env: { ...process.env, ...(fetches ? { [fetchingNode]: process.execPath } : {}) },
  });
  const [code] = await once(child, 'exit');
  return code === 0 ? exitCodes.done : exitCodes.runFailed;
}
