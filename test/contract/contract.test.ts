import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createCore } from '#main/core/create-core.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { contractSuite } from './contract-suite.ts';
import type { SuiteCore } from './contract-suite.ts';
import { fakeCore } from './fake-core.ts';
import { overMessagePort, overWebSocket } from './transports.ts';

contractSuite('the contract over a MessagePort', overMessagePort, inMemory);
contractSuite('the contract over a WebSocket', overWebSocket, inMemory);

async function inMemory(): Promise<SuiteCore> {
  return { operations: fakeCore(), settled: async () => undefined };
}

/** A lab in a file of its own, with real trainer processes. */
async function realCore(): Promise<SuiteCore> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-contract-lab-'));
  const store = openLabStore(path.join(folder, 'x.lab'));
  const { settled, recover: _, ...operations } = createCore({ store, trainers: nodeTrainers, workers: 2 });
  return { operations, settled };
}

contractSuite('the contract over a MessagePort, before the real core', overMessagePort, realCore);
contractSuite('the contract over a WebSocket, before the real core', overWebSocket, realCore);
