import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { createCore } from '#main/core/create-core.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { contractSuite, trainQuickStudy } from './contract-suite.ts';
import type { SuiteCore } from './contract-suite.ts';
import { fakeCore } from './fake-core.ts';
import { overMessagePort, overWebSocket } from './transports.ts';

contractSuite('the contract over a MessagePort', overMessagePort, inMemory);
contractSuite('the contract over a WebSocket', overWebSocket, inMemory);

async function inMemory(): Promise<SuiteCore> {
  const core = { operations: fakeCore(), settled: async () => undefined };
  await trainQuickStudy(core);
  return core;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-contract-lab-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function openCore(file: string): SuiteCore {
  const store = openLabStore(path.join(folder, file));
  const core = createCore({ store, trainers: nodeTrainers, workers: 2 });
  // The other three are the host's.
  const { settled, recover: _, notice: __, engineCame: ___, ...operations } = core;
  return { operations, settled };
}

/** Trained once, by real trainer processes: every test has a copy of its own. */
async function trainLab(): Promise<string> {
  const core = openCore('trained.lab');
  await trainQuickStudy(core);
  await core.operations.close();
  return path.join(folder, 'trained.lab');
}

let trained: Promise<string> | null = null;
let copies = 0;

async function realCore(): Promise<SuiteCore> {
  trained ??= trainLab();
  const copy = `${++copies}.lab`;
  copyFileSync(await trained, path.join(folder, copy));
  return openCore(copy);
}

contractSuite('the contract over a MessagePort, before the real core', overMessagePort, realCore);
contractSuite('the contract over a WebSocket, before the real core', overWebSocket, realCore);
