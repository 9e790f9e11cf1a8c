import type { PowerSaveBlocker } from 'electron';
import type { LabEvent } from '#shared/models/lab.ts';

/** Keeps the system awake (the display may sleep) while at least one run is training. `release` ends it whatever runs. */
export function createPowerSave(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>): {
  hear(event: LabEvent): void;
  release(): void;
} {
  const training = new Set<number>();
  let held: number | null = null;
  function update(): void {
    if (training.size > 0 && held === null) held = blocker.start('prevent-app-suspension');
    if (training.size === 0 && held !== null) {
      blocker.stop(held);
      held = null;
    }
  }
  return {
    hear(event) {
      if (event.type !== 'run') return;
      if (event.state === 'running') training.add(event.runId);
      else training.delete(event.runId);
      update();
    },
    release() {
      training.clear();
      update();
    },
  };
}
