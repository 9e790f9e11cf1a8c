import type { Condition } from '../models/study.ts';
import type { Settings } from '../models/settings.ts';
import type { Ridge } from '../science/repulsion-result.ts';
import type { ResolvedSettings, WrittenRidge } from './resolve-settings.ts';
import { problemAt, type StudyProblem } from './study-problem.ts';

export interface NamedSettings extends ResolvedSettings {
  readonly name: string;
}

/**
 * Gives every ridge its number. `published` is eta, the weight decay; `effective` is n eta / 2, the ridge that weight decay is
 * to V when the loss is a mean over n samples without the factor 1/2 (docs/science.md, "Which ridge?"). A condition without
 * weight decay takes the eta of the condition that differs least from it otherwise, with its own n, and names it.
 */
export function borrowRidges(all: readonly NamedSettings[]): {
  conditions: Condition[];
  problems: StudyProblem[];
} {
  const problems: StudyProblem[] = [];
  const decayed = all
    .filter(({ settings }) => settings.optimizer.weightDecay > 0)
    .map(({ name, settings }) => ({ name, settings, traits: traitsOf(settings) }));
  const conditions = all.map(({ name, settings, ridges }): Condition => {
    const repulsion = settings.probes.repulsion;
    if (!repulsion) return { name, settings };
    const own = settings.optimizer.weightDecay;
    const lender = own > 0 ? null : nearest(settings, decayed);
    const eta = own > 0 ? own : (lender?.settings.optimizer.weightDecay ?? null);
    const resolved = ridges.flatMap((ridge) => {
      const value = ridgeValue(ridge.written, eta, settings.split.train);
      if (value === null) problems.push(needsNumber(ridge));
      return value === null ? [] : [toRidge(ridge, value, lender?.name ?? null)];
    });
    problems.push(...repeated(ridges));
    return {
      name,
      settings: {
        ...settings,
        probes: { ...settings.probes, repulsion: { ...repulsion, ridges: resolved } },
      },
    };
  });
  return { conditions, problems };
}

function ridgeValue(written: string | number, eta: number | null, train: number): number | null {
  if (typeof written === 'number') return written;
  if (eta === null) return null;
  return written === 'effective' ? (train * eta) / 2 : eta;
}

function toRidge(ridge: WrittenRidge, value: number, lender: string | null): Ridge {
  return { name: ridge.name, value, borrowedFrom: typeof ridge.written === 'number' ? null : lender };
}

function needsNumber(ridge: WrittenRidge): StudyProblem {
  return problemAt(
    ridge.at,
    `must be a number > 0 here, such as ridge: [0.0002], got ${ridge.name}: it is made from a weight decay, and no condition has one`,
  );
}

function repeated(ridges: readonly WrittenRidge[]): StudyProblem[] {
  return ridges.flatMap((ridge, index) =>
    ridges.findIndex(({ written }) => written === ridge.written) < index
      ? [problemAt(ridge.at, `is in the list twice: keep one ${ridge.name}`)]
      : [],
  );
}

/** Everything but the weight decay and the repulsion probe itself, as comparable strings. */
function traitsOf(settings: Settings): string[] {
  const { task, split, network, optimizer, epochs, probes } = settings;
  return [
    task,
    split,
    network,
    { epochs },
    { ...optimizer, weightDecay: null },
    { ...probes, repulsion: null },
  ]
    .flatMap((part) => Object.entries(part))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
}

function nearest<T extends { readonly traits: readonly string[] }>(
  settings: Settings,
  candidates: readonly T[],
): T | null {
  const traits = traitsOf(settings);
  let best: T | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const different = traits.filter((trait, index) => trait !== candidate.traits[index]).length;
    if (different < fewest) [best, fewest] = [candidate, different];
    if (fewest === 0) break;
  }
  return best;
}
