import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { patience } from '#main/core/patience.ts';
import type { Trainers } from '#main/core/trainers.ts';
import { watchTrainers } from '#main/core/watched-trainers.ts';
import type { TrainerMessage, TrainerRequest } from '#main/trainer/messages.ts';
import { referenceSettings } from '../trainer/reference-runs.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const inspect: TrainerRequest = { type: 'inspect', engine: 'plain', measure: false };
const training: TrainerMessage = { type: 'replaying', stage: 'training', epoch: 1 };
const inverting: TrainerMessage = { type: 'replaying', stage: 'inverting', epoch: 1 };

/** A trainer that says what the test says, and dies only of being killed. */
function watched(limit: (request: TrainerRequest, computing: boolean) => number) {
  const process: {
    say?: (message: TrainerMessage) => void;
    die?: (death: string | null) => void;
  } = {};
  const heard: TrainerMessage[] = [];
  const deaths: (string | null)[] = [];
  const trainers: Trainers = {
    start(_request, onMessage, onEnd) {
      process.say = onMessage;
      process.die = onEnd;
      return { kill: () => onEnd('killed') };
    },
  };
  watchTrainers(trainers, limit).start(
    inspect,
    (message) => void heard.push(message),
    (death) => void deaths.push(death),
  );
  return {
    heard,
    deaths,
    say: (message: TrainerMessage) => process.say?.(message),
    die: (death: string | null) => process.die?.(death),
  };
}

it('a trainer that says nothing is ended after its limit, and that is how it died', () => {
  const { deaths, heard, say } = watched(() => 60_000);
  vi.advanceTimersByTime(59_999);
  expect(deaths).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(deaths).toEqual(['The trainer sent nothing for 60 s and was stopped.']);
  say(training);
  expect(heard).toEqual([]);
});

it('every message starts the time anew, and a long computation has its own', () => {
  const { deaths, say, heard } = watched((_request, computing) => (computing ? 10_000 : 1000));
  for (let message = 0; message < 5; message++) {
    vi.advanceTimersByTime(900);
    say(training);
  }
  say(inverting);
  vi.advanceTimersByTime(9_999);
  expect(deaths).toEqual([]);
  expect(heard).toHaveLength(6);
  vi.advanceTimersByTime(1);
  expect(deaths).toEqual(['The trainer sent nothing for 10 s and was stopped.']);
});

it('a host that stood still itself hears first what was sent meanwhile, and judges no trainer by that time', () => {
  const { deaths, heard, say } = watched(() => 60_000);
  vi.advanceTimersByTime(30_000);
  // Stopped for ten minutes: a clock goes on, and the timer is due before anything is read.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_000);
  vi.advanceTimersByTime(30_000);
  expect(deaths).toEqual([]);
  say(training);
  expect(heard).toEqual([training]);
  vi.advanceTimersByTime(59_999);
  expect(deaths).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(deaths).toHaveLength(1);
});

it('one that ended is watched no more', () => {
  const { deaths, die } = watched(() => 1000);
  die(null);
  vi.advanceTimersByTime(10_000);
  expect(deaths).toEqual([null]);
  expect(vi.getTimerCount()).toBe(0);
});

it('a minute is the least, and work that a slow engine takes longer for has longer', () => {
  const spec = {
    settings: referenceSettings('headline', { epochs: 10, gramEvery: 1 }),
    seed: 0,
    engine: 'plain',
  } as const;
  const replay: TrainerRequest = { type: 'replay', spec, epoch: 5 };
  expect(patience(inspect, false)).toBe(60_000);
  // 1 GFLOP/s is what the plain engine does alone (docs/results/speed.md): five times slower must still be waited for.
  const { task, network } = spec.settings;
  const epochSeconds = (6 * task.modulus ** 3 * network.width) / 1e9;
  expect(patience(replay, false)).toBeGreaterThan(60_000 + 5 * 1000 * epochSeconds);
  expect(patience(replay, true)).toBeGreaterThan(patience(replay, false));
});
