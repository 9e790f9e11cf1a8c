import type { Settings } from '#shared/models/settings.ts';

/** A trainer that says nothing for a minute hangs; unless its work takes longer. */
const leastMilliseconds = 60_000;
/** Far below the slowest engine on a busy machine (the plain engine does about 1 GFLOP/s alone). */
const slowestFlops = 2e8;

/**
 * How long a trainer may be silent before it is taken for hung.
 * @param probing while a repulsion probe runs, which is one long computation
 */
export function patience({ task, split, network, probes }: Settings, probing: boolean): number {
  const rows = task.modulus ** 2;
  const gram = probes.gram ? split.train * network.width ** 2 : 0;
  const epochFlops = 8 * rows * network.width * task.modulus + gram;
  const ridges = probes.repulsion?.ridges.length ?? 2;
  const probeFlops = network.width ** 2 * (split.train + 3 * ridges * network.width);
  return leastMilliseconds + ((probing ? probeFlops : epochFlops) / slowestFlops) * 1000;
}
