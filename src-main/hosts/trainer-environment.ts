import type { TrainerRequest } from '../trainer/messages.ts';

/** One compute thread a trainer: as many processes as cores beat one process with as many threads (docs/results/speed.md). TensorFlow reads it once. */
const oneThread = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '3',
};

/**
 * glibc raises the size from which memory is given back when it is freed, up to 32 MB, and a trainer that once freed a checkpoint keeps 50 MB
 * more from then on. Set, it stays. And each of V8's threads would have a heap of its own, and little to do with it. Not for TensorFlow, which
 * frees and takes such sizes at every operation.
 */
const giveBack = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '1' };

/** What a trainer's process gets beside its host's environment; read before its first line. */
export function trainerEnvironment(request: TrainerRequest): Readonly<Record<string, string>> {
  const engine = request.type === 'inspect' ? request.engine : request.spec.engine;
  return engine === 'tensorflow' ? oneThread : { ...oneThread, ...giveBack };
}

/**
 * What a trainer's Node gets on its command line. V8 lets its nursery grow to many megabytes before it looks for what is alive there; an epoch leaves
 * little behind, and looking more often cost no processor time that could be measured (docs/results/speed.md). A trainer has it look when it has sent
 * something large.
 */
export const trainerFlags: readonly string[] = ['--max-semi-space-size=1', '--expose-gc'];
