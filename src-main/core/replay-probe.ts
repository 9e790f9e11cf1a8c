import { isDeepStrictEqual } from 'node:util';
import { problem } from '#shared/models/problem.ts';
import type { ReplayedProbe } from '#shared/models/lab.ts';
import type { EngineName, Run } from '#shared/models/run.ts';
import type { Settings } from '#shared/models/settings.ts';
import type { RepulsionResult } from '#shared/science/repulsion-result.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { Trainers } from './trainers.ts';

/** Computes a run's repulsion probe at any epoch, from its seed. @throws ProblemError bad-argument for an epoch the run does not have */
export async function replayProbe(
  { store, trainers }: { readonly store: LabStore; readonly trainers: Trainers },
  run: Run,
  engine: EngineName,
  epoch: number,
): Promise<ReplayedProbe> {
  const settings = replaySettings(run, epoch);
  const result = await new Promise<RepulsionResult>((resolve, reject) => {
    let found: RepulsionResult | null = null;
    let failure: string | null = null;
    trainers.start(
      { type: 'replay', spec: { settings, seed: run.seed, engine }, epoch },
      (message) => {
        if (message.type === 'probe') found = message.result;
        if (message.type === 'failed') failure = message.message;
      },
      (death) => {
        if (found) resolve(found);
        else
          reject(problem('run-failed', failure ?? unfinished(death ?? 'The trainer ended without a probe.')));
      },
    );
  });
  const before = store.probes.list(run.id).find((probe) => probe.epoch === epoch);
  if (!before) return { result, stored: 'none' };
  return { result, stored: isDeepStrictEqual(before, result) ? 'identical' : 'different' };
}

/** What a replay trains. @throws ProblemError bad-argument for an epoch the run does not have, and where no ridge is named */
export function replaySettings({ id, settings }: Run, epoch: number): Settings {
  if (epoch > settings.epochs) {
    throw problem('bad-argument', `Run ${id} has epochs 0..${settings.epochs}; there is no epoch ${epoch}.`);
  }
  return withRepulsion(settings);
}

function unfinished(how: string): string {
  return `${how} Nothing was stored and the run is as it was: ask for the probe again.`;
}

/** A run that was not set to probe is probed as the format's defaults say, at its own weight decay. */
function withRepulsion(settings: Settings): Settings {
  if (settings.probes.repulsion) return settings;
  const eta = settings.optimizer.weightDecay;
  if (!(eta > 0)) {
    throw problem(
      'bad-argument',
      'This run has no weight decay and its study names no ridge: add probes.repulsion with a ridge to the study file.',
    );
  }
  const own = { borrowedFrom: null };
  const ridges = [
    { name: 'published', value: eta, ...own },
    { name: 'effective', value: (settings.split.train * eta) / 2, ...own },
  ];
  const repulsion = { epochs: [], pairs: 200, randomPairs: 2000, identityPairs: 10, ridges };
  return { ...settings, probes: { ...settings.probes, repulsion } };
}
