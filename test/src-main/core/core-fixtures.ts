import { onTestFinished } from 'vitest';
import { createCore } from '#main/core/create-core.ts';
import type { CoreDependencies, LocalCore } from '#main/core/create-core.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { contentHash } from '#main/store/content-hash.ts';
import type { LabStore } from '#main/store/lab-store.ts';
import type { LabEvent } from '#shared/models/lab.ts';
import { openTestLab } from '../store/lab-fixtures.ts';

/** Trained by the plain engine in well under a second, with every probe. */
export function smallStudy(changes: { epochs?: number; seeds?: string } = {}): string {
  return `study: Small
task: { kind: modular-addition, modulus: 7 }
split: { train: 30 }
network: { width: 16 }
optimizer: { learningRate: 0.01, weightDecay: 0.0005 }
epochs: ${changes.epochs ?? 120}
seeds: ${changes.seeds ?? '[0]'}
probes:
  spectrum: { window: 10, layers: [W, V] }
  repulsion: { epochs: [0, 60], pairs: 10, randomPairs: 20, identityPairs: 2 }
`;
}

export interface OpenedCore {
  readonly core: LocalCore;
  readonly store: LabStore;
  readonly events: readonly LabEvent[];
  /** Resolves at the first event from now on that fits. */
  heard(fits: (event: LabEvent) => boolean): Promise<LabEvent>;
  /** Acts at that event itself: who waits for `heard` comes after all that was read with it, which may be the rest of a run. */
  at<T>(fits: (event: LabEvent) => boolean, act: () => Promise<T>): Promise<T>;
}

/** A core over a real lab; closed when the test ends. */
export function openCore(
  dependencies: Partial<CoreDependencies> & { readonly path?: string } = {},
): OpenedCore {
  const { path, ...rest } = dependencies;
  const store = rest.store ?? openTestLab(path);
  const core = createCore({ trainers: nodeTrainers, workers: 1, ...rest, store });
  onTestFinished(async () => {
    if (store.database.isOpen) await core.close();
  });
  const events: LabEvent[] = [];
  core.subscribe((event) => void events.push(event));
  function onFirst(fits: (event: LabEvent) => boolean, act: (event: LabEvent) => void): void {
    const leave = core.subscribe((event) => {
      if (!fits(event)) return;
      leave();
      act(event);
    });
  }
  return {
    core,
    store,
    events,
    heard: (fits) => new Promise((resolve) => onFirst(fits, resolve)),
    at: (fits, act) => new Promise((resolve) => onFirst(fits, () => resolve(act()))),
  };
}

const undisturbed = new Map<string, Promise<string>>();

/** The hash of all series and probes that a study has when nothing goes wrong. */
export function undisturbedHash(text: string): Promise<string> {
  const known = undisturbed.get(text);
  if (known !== undefined) return known;
  const hash = trainUndisturbed(text);
  undisturbed.set(text, hash);
  return hash;
}

async function trainUndisturbed(text: string): Promise<string> {
  const { core, store } = openCore({ workers: 2 });
  const { id } = core.createStudy(text, 'small.yaml');
  await core.startStudy(id, { engine: 'plain' });
  await core.settled(id);
  return contentHash(store, { kind: 'study', id });
}
