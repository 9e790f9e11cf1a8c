import type { Settings } from '#shared/models/settings.ts';
import type { TrainerRequest } from '../trainer/messages.ts';

/**
 * Milliseconds of silence after which the trainer of a request is taken for hung.
 * @param computing while it does one long computation: a repulsion probe, or B of every pair
 */
export type Patience = (request: TrainerRequest, computing: boolean) => number;

/** A trainer that says nothing for a minute hangs, also while it loads its engine; unless its work takes longer. */
const leastMilliseconds = 60_000;
/** Far below the slowest engine on a busy machine (the plain engine does about 1 GFLOP/s alone). */
const slowestFlops = 2e8;
/** An engine that is timed takes its epoch, and its Gram, twice at least. */
const timedPasses = 4;

export const patience: Patience = (request, computing) => {
  const flops =
    request.type === 'inspect' ? timedFlops(request) : workFlops(request.spec.settings, computing);
  return leastMilliseconds + (flops / slowestFlops) * 1000;
};

function timedFlops({ work }: Extract<TrainerRequest, { type: 'inspect' }>): number {
  if (work === undefined) return 0;
  const { settings, gramShare } = work;
  return timedPasses * epochFlops(settings, gramShare > 0);
}

function workFlops(settings: Settings, computing: boolean): number {
  const { split, network, probes } = settings;
  if (!computing) return epochFlops(settings, probes.gram !== null);
  const ridges = probes.repulsion?.ridges.length ?? 2;
  return network.width ** 2 * (split.train + 3 * ridges * network.width);
}

function epochFlops(
  { task, split, network }: Pick<Settings, 'task' | 'split' | 'network'>,
  gram: boolean,
): number {
  const rows = task.modulus ** 2;
  return 8 * rows * network.width * task.modulus + (gram ? split.train * network.width ** 2 : 0);
}
