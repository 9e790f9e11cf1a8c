import { problem } from '#shared/models/problem.ts';
import type { EngineName } from '#shared/models/run.ts';
import { isTensorFlowComing } from '../tensorflow-coming.ts';
import type { Engine, EngineTask } from './engine.ts';
import { loadNative } from './native/load-native.ts';
import { PlainEngine } from './plain.ts';
import { TensorFlowEngine } from './tensorflow.ts';
import { KernelEngine } from './wasm/kernel-engine.ts';
import { loadKernels } from './wasm/load-kernels.ts';

/** Builds the named engine for a run. @throws ProblemError engine-unavailable when this machine cannot load it */
export function createEngine(name: EngineName, task: EngineTask): Engine {
  try {
    return build(name, task);
  } catch (error) {
    if (name === 'tensorflow' && isTensorFlowComing()) {
      throw problem(
        'engine-unavailable',
        'TensorFlow is still being fetched; the lab tells when it is there.',
      );
    }
    throw problem(
      'engine-unavailable',
      `The ${name} engine could not be loaded (${firstLine(error)}). Run \`npm run setup\`, or use --engine plain.`,
    );
  }
}

function build(name: EngineName, task: EngineTask): Engine {
  switch (name) {
    case 'plain':
      return new PlainEngine(task);
    case 'tensorflow':
      return new TensorFlowEngine(task);
    case 'native':
      return new KernelEngine(name, task, loadNative);
    case 'wasm':
      return new KernelEngine(name, task, loadKernels);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
}
