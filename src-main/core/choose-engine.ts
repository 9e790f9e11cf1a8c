import type { EngineChoice, EngineReport } from '#shared/models/lab.ts';
import { problem } from '#shared/models/problem.ts';
import type { EngineName, Run } from '#shared/models/run.ts';
import type { Settings } from '#shared/models/settings.ts';
import { dueCount } from '#shared/science/probe-schedule.ts';
import type { MeasuredWork } from '../trainer/messages.ts';
import { enginesByPreference, inspectEngine, measureEngine } from './inspect-engines.ts';
import type { Trainers } from './trainers.ts';

export interface ChosenEngine {
  readonly report: EngineReport;
  /** Why `auto` came out so, as a sentence; null when the engine was named. */
  readonly reason: string | null;
}

/** The race takes some ten seconds: it pays where a fast core trains for more than half a minute. */
const raceFlops = 2e12;
/** Who comes second has this long, or this many times as long as the first took: a load of TensorFlow was once seen to take six minutes. */
const secondMilliseconds = 30_000;
const secondTimes = 6;

/**
 * The engine a choice means for these runs. A named one is that one. `auto` is, in turn: the engine that trained what the runs have
 * already, because rows of two engines differ in their last bits and a run's must not mix; the first that loads for short
 * work, which is over before a race would pay; else whichever of tensorflow and our kernels is faster on this task, on this machine, now; else what there is.
 * @param onRace before engines are measured, which takes a while
 * @throws ProblemError engine-unavailable, with the reasons, when none can be had
 */
export async function chooseEngine(
  trainers: Trainers,
  choice: EngineChoice,
  runs: readonly Run[],
  onRace: () => void = () => undefined,
): Promise<ChosenEngine> {
  if (choice !== 'auto') {
    const report = await inspectEngine(trainers, choice, false);
    if (report.unavailable !== null) throw problem('engine-unavailable', report.unavailable);
    return { report, reason: null };
  }
  const begun = engineOf(runs);
  if (begun !== null) {
    const report = await inspectEngine(trainers, begun, false);
    if (report.unavailable === null) return { report, reason: `${begun}: its runs so far are of it` };
  }
  const due = runs.filter(({ state }) => state !== 'finished');
  const largest = due.toSorted((one, other) => epochFlops(other.settings) - epochFlops(one.settings))[0];
  if (largest === undefined || totalFlops(due) < raceFlops) return firstThatLoads(trainers);
  onRace();
  return (await race(trainers, largest.settings)) ?? firstThatLoads(trainers);
}

/** Of the runs that have rows, the unfinished ones first, and of these the one with most rows. */
function engineOf(runs: readonly Run[]): EngineName | null {
  const begun = runs
    .filter(({ rows, provenance }) => rows > 0 && provenance !== null)
    .toSorted(
      (one, other) =>
        Number(one.state === 'finished') - Number(other.state === 'finished') || other.rows - one.rows,
    );
  return begun[0]?.provenance?.engine ?? null;
}

/** Who races: of each group the first that loads, the kernels before what is large. The native engine computes what wasm does, bit for bit, with wider vectors. */
const racers = [['native', 'wasm'], ['tensorflow']] as const;

/** The racers on the task, one after the other in processes of their own; null when none can be had. */
async function race(trainers: Trainers, settings: Settings): Promise<ChosenEngine | null> {
  const work: MeasuredWork = { settings, gramShare: gramShare(settings) };
  const times: { readonly report: EngineReport; readonly milliseconds: number }[] = [];
  const failures: string[] = [];
  const started = performance.now();
  for (const group of racers) {
    const taken = performance.now() - started;
    // Without a first there is nothing to train on, however long it takes.
    const within = times.length > 0 ? Math.max(secondMilliseconds, secondTimes * taken) : undefined;
    for (const engine of group) {
      const { report, epochMilliseconds } = await measureEngine(trainers, engine, true, work, within);
      if (report.unavailable !== null) failures.push(report.unavailable);
      if (epochMilliseconds === null) continue;
      times.push({ report, milliseconds: epochMilliseconds });
      break;
    }
  }
  if (times.length === 0) return null;
  if (times.length === 1)
    return { report: times[0].report, reason: `${times[0].report.engine}: ${failures.join(' ')}` };
  const [fast, slow] = times.toSorted((one, other) => one.milliseconds - other.milliseconds);
  const said = ({ report, milliseconds }: typeof fast): string =>
    `${report.engine} ${milliseconds.toFixed(0)} ms`;
  return {
    report: fast.report,
    reason: `${fast.report.engine}: measured on this task just now, ${said(fast)} an epoch, ${said(slow)}`,
  };
}

async function firstThatLoads(trainers: Trainers): Promise<ChosenEngine> {
  const reasons: string[] = [];
  for (const engine of enginesByPreference) {
    const report = await inspectEngine(trainers, engine, false);
    if (report.unavailable === null) {
      const why = reasons.length > 0 ? reasons.join(' ') : 'the first to be ready';
      return { report, reason: `${engine}: ${why}` };
    }
    reasons.push(report.unavailable);
  }
  throw problem('engine-unavailable', reasons.join('\n'));
}

/** Share of the epochs at which the feature Gram is measured. */
function gramShare({ probes, epochs }: Settings): number {
  return probes.gram ? dueCount(probes.gram, epochs) / (epochs + 1) : 0;
}

function epochFlops(settings: Settings): number {
  const { modulus } = settings.task;
  const { width } = settings.network;
  const products = 2 * (modulus ** 2 + 2 * settings.split.train) * width * modulus;
  return products + gramShare(settings) * settings.split.train * width ** 2;
}

function totalFlops(runs: readonly Run[]): number {
  return runs.reduce(
    (sum, { settings, rows }) => sum + epochFlops(settings) * (settings.epochs + 1 - rows),
    0,
  );
}
