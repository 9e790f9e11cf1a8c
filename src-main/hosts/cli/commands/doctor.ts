import { existsSync, statSync } from 'node:fs';
import os from 'node:os';
import { enginesByPreference, inspectEngine } from '../../../core/inspect-engines.ts';
import type { EngineReport } from '#shared/models/lab.ts';
import { appVersion } from '../../../version.ts';
import { nodeTrainers } from '../../node-trainers.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { labPath } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

interface Diagnosis {
  readonly app: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly threadsPerTrainer: number;
  readonly engines: readonly EngineReport[];
  readonly auto: string | null;
  readonly lab: { readonly path: string; readonly bytes: number | null };
}

/** `doctor`: what this machine can do, measured now. */
export async function runDoctor(
  terminal: Terminal,
  options: LabOption & { readonly json: boolean },
): Promise<number> {
  const engines: EngineReport[] = [];
  for (const engine of enginesByPreference) {
    terminal.say(`Measuring ${engine} ...`);
    engines.push(await inspectEngine(nodeTrainers, engine, true));
  }
  const path = labPath(terminal, options);
  const diagnosis: Diagnosis = {
    app: appVersion,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: os.availableParallelism(),
    threadsPerTrainer: 1,
    engines,
    auto: engines.toSorted((one, other) => (other.gigaflops ?? 0) - (one.gigaflops ?? 0))[0]?.engine ?? null,
    lab: { path, bytes: existsSync(path) ? statSync(path).size : null },
  };
  terminal.print(options.json ? JSON.stringify(diagnosis, null, 2) : describe(diagnosis));
  return exitCodes.done;
}

function describe(found: Diagnosis): string {
  const size = found.lab.bytes === null ? 'not there yet' : `${(found.lab.bytes / 1e6).toFixed(1)} MB`;
  return [
    `grokscope ${found.app}   Node ${found.node}   ${found.platform}   ${found.cores} cores, ${found.threadsPerTrainer} thread a trainer`,
    ...found.engines.map((engine) => `engine ${engine.engine.padEnd(10)} ${describeEngine(engine)}`),
    `auto goes on with the engine of a study's runs so far; otherwise it races tensorflow and wasm on the study's own task (here: ${found.auto ?? 'no engine loads'})`,
    `lab ${found.lab.path} (${size})`,
  ].join('\n');
}

function describeEngine({ version, gigaflops, unavailable }: EngineReport): string {
  if (unavailable !== null) return `not available: ${unavailable}`;
  return `${version}   ${gigaflops?.toFixed(1)} GFLOP/s on one thread (products of an epoch, M=31, K=512)`;
}
