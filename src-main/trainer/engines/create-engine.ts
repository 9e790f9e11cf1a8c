import { problem } from '#shared/models/problem.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { Engine, EngineTask } from './engine.ts';
import { PlainEngine } from './plain.ts';
import { TensorFlowEngine } from './tensorflow.ts';
import { WasmEngine } from './wasm/wasm-engine.ts';

/** Builds the named engine for a run. @throws ProblemError engine-unavailable when this machine cannot load it */
export function createEngine(name: EngineName, task: EngineTask): Engine {
  switch (name) {
    case 'plain':
      return new PlainEngine(task);
    case 'tensorflow':
      try {
        return new TensorFlowEngine(task);
      } catch (error) {
        throw problem(
          'engine-unavailable',
          `The tensorflow engine could not be loaded (${firstLine(error)}). Run \`npm run setup\`, or use --engine plain.`,
        );
      }
    case 'wasm':
      try {
        return new WasmEngine(task);
      } catch (error) {
        throw problem(
          'engine-unavailable',
          `The wasm engine could not be loaded (${firstLine(error)}). Run \`npm run setup\`, or use --engine plain.`,
        );
      }
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
}
