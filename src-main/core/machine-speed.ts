import type { EngineChoice } from '#shared/models/lab.ts';
import { enginesByPreference, inspectEngine } from './inspect-engines.ts';
import type { Trainers } from './trainers.ts';

/** How fast this machine is with an engine; `measuring` until it is known, null where the engine does not load. */
export type Speed = { readonly gigaflops: number } | 'measuring' | null;

export interface MachineSpeed {
  of(choice: EngineChoice): Speed;
  /** Looks again at engines that did not load. */
  forgetMissing(): void;
}

/**
 * What a machine does, measured once while the host lives, when it is first asked for, in a process of its own. Kept in no lab file: that
 * may be opened on another machine.
 */
export function machineSpeed(trainers: Trainers): MachineSpeed {
  const known = new Map<EngineChoice, Speed>();

  async function measure(choice: EngineChoice): Promise<void> {
    let speed: Speed = null;
    for (const engine of choice === 'auto' ? enginesByPreference : [choice]) {
      const { gigaflops } = await inspectEngine(trainers, engine, true);
      if (gigaflops === null) continue;
      speed = { gigaflops };
      break;
    }
    known.set(choice, speed);
  }

  function of(choice: EngineChoice): Speed {
    const speed = known.get(choice);
    if (speed !== undefined) return speed;
    known.set(choice, 'measuring');
    void measure(choice);
    return 'measuring';
  }

  return {
    of,
    forgetMissing() {
      for (const [choice, speed] of known) if (speed === null) known.delete(choice);
    },
  };
}
