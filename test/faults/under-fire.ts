import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { checkLab } from '#main/store/check-lab.ts';
import { contentHash } from '#main/store/content-hash.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import type { EngineName } from '#shared/models/run.ts';
import { Workbench } from '../src-main/hosts/cli/lab-command.ts';

export interface FireOptions {
  readonly text: string;
  readonly engine: EngineName;
  readonly kills: number;
  /** Shortest and longest time in milliseconds from the moment when every trainer has sent new rows to the next kill. */
  readonly pause: readonly [number, number];
  /** Of a hundred times the host is hit, the others one of its trainers or all of them. */
  readonly hostShare: number;
  readonly below: (limit: number) => number;
  /** No kill after this, once there were `atLeast`: a busy machine may be slow, but the set must not be empty. */
  readonly until?: number;
  readonly atLeast: number;
  /** What has to be seen before the last kill; few kills may by chance not show it. */
  readonly seen?: (tally: FireTally) => boolean;
  /** Of the processes under fire. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface FireTally {
  hostKills: number;
  trainerKills: number;
  /** Of these, kills at a moment at which every trainer of the host had rows committed, newer than those at the kill before. */
  hostHits: number;
  trainerHits: number;
  /** Studies that went through it to their end, each compared with an undisturbed one. */
  studies: number;
  /** Runs that met four kills in one sitting. */
  failedRuns: number;
  /** Commands that ended because three processes in a row were killed while they loaded the engine. */
  enginesKilled: number;
  /** Trainers that went on from a checkpoint, and of these the ones so near to the last row that its updates had to be with it. */
  resumed: number;
  resumedWithUpdates: number;
  /** Checkpoints with all their updates that hosts left which were killed. */
  leftWithUpdates: number;
  /** Rows that were committed when a host was killed. */
  rowsAtKills: number;
}

const minute = 60_000;
const workers = 2;
/** One kill in so many falls anywhere: while the lab is opened, an engine is loaded, a trainer has sent nothing. */
const anywhere = 20;
/** Between two looks at a lab, in milliseconds. */
const look = 15;

/** Trains studies with the real command line while its processes are killed, and checks the lab after every death of a host. */
export async function trainUnderFire(options: FireOptions): Promise<FireTally> {
  const {
    text,
    engine,
    kills,
    atLeast,
    below,
    until = Number.POSITIVE_INFINITY,
    seen = () => true,
  } = options;
  const bench = new Workbench();
  const tally: FireTally = {
    hostKills: 0,
    trainerKills: 0,
    hostHits: 0,
    trainerHits: 0,
    studies: 0,
    failedRuns: 0,
    enginesKilled: 0,
    resumed: 0,
    resumedWithUpdates: 0,
    leftWithUpdates: 0,
    rowsAtKills: 0,
  };
  const done = (): boolean => {
    const made = tally.hostKills + tally.trainerKills;
    const mostHit = tally.hostHits + tally.trainerHits > made / 2;
    // Of the two or three that a busy machine has time for, most may be the ones that fall anywhere.
    if (made < 10 * kills && !(mostHit && seen(tally))) return false;
    return made >= kills || (performance.now() > until && made >= atLeast);
  };
  const command = (lab: string): string[] => [
    'run',
    'study.yaml',
    '--lab',
    lab,
    '--engine',
    engine,
    '--workers',
    `${workers}`,
  ];
  bench.write('study.yaml', text);
  let host: ChildProcess | null = null;
  try {
    expect(await bench.run(...command('undisturbed.lab'))).toMatchObject({ code: 0 });
    const oracle = hashOf(bench.path('undisturbed.lab'));
    while (!done()) {
      const lab = `fire-${tally.studies}.lab`;
      for (let finished = false; !finished;) {
        const { child, outcome } = bench.start(command(lab), options.environment);
        host = child;
        const killed = await fireAt(child, bench.path(lab), outcome);
        const { code, err } = await outcome;
        if (killed) continue;
        if (code === 1) tally.failedRuns += failedRuns(bench.path(lab));
        // Three kills in a row before the engine was known: nothing was trained, and the sentence says so.
        else if (code === 2)
          expect(err).toMatch(/SIGKILL.*So it went with 3 trainers in a row that loaded the \w+ engine: run/);
        else expect({ code, err }).toMatchObject({ code: 0 });
        if (code === 2) tally.enginesKilled++;
        finished = code === 0;
      }
      expect(checkLab(bench.path(lab)).findings).toEqual([]);
      expect(hashOf(bench.path(lab))).toBe(oracle);
      for (const { rows, checkpoint, window } of startsIn(bench.path(lab))) {
        tally.resumed++;
        if (rows - checkpoint < window) tally.resumedWithUpdates++;
      }
      tally.studies++;
    }
  } finally {
    // Where an expectation failed it may still be there, stopped.
    host?.kill('SIGKILL');
    bench.remove();
  }
  return tally;

  /** @returns whether the host was killed */
  async function fireAt(host: ChildProcess, lab: string, outcome: Promise<unknown>): Promise<boolean> {
    let over = false;
    const end = outcome.then(() => (over = true));
    const isOver = (): boolean => over;
    const [shortest, longest] = options.pause;
    let before = glance(lab)?.rows ?? new Map<number, number>();
    while (!done()) {
      const aimed = below(anywhere) > 0;
      if (aimed) {
        while (!isOver() && !isUnderWay(glance(lab), before)) await Promise.race([sleep(look), end]);
      }
      await Promise.race([sleep(shortest + below(longest - shortest + 1)), end]);
      if (over || host.pid === undefined) return false;
      // Stopped first, so that what is committed and who trains can be seen before the end.
      const scene = await freeze(host, lab);
      const trainers = childrenOf(host.pid);
      const hit = trainers.length === scene.running.length && isUnderWay(scene, before);
      if (aimed && !hit) {
        // Meanwhile one of its runs came to its end: the next moment.
        host.kill('SIGCONT');
        continue;
      }
      before = scene.rows;
      if (below(100) < options.hostShare) {
        host.kill('SIGKILL');
        await end;
        // It had come to its end by itself.
        if (host.signalCode !== 'SIGKILL') return false;
        tally.hostKills++;
        if (hit) tally.hostHits++;
        for (const rows of scene.rows.values()) tally.rowsAtKills += rows;
        await expectGone(trainers);
        tally.leftWithUpdates += expectSound(lab, scene.rows);
        return true;
      }
      const [first, ...others] = trainers.toSorted(() => below(2) - 0.5);
      const targets = first === undefined ? [] : below(2) === 0 ? [first] : [first, ...others];
      const killed = targets.filter(kill).length;
      host.kill('SIGCONT');
      tally.trainerKills += killed;
      if (hit) tally.trainerHits += killed;
    }
    return false;
  }
}

/** Whether every worker that has something to train trains it, and each has committed rows since `before`. */
function isUnderWay(scene: Scene | null, before: ReadonlyMap<number, number>): boolean {
  if (scene === null || scene.running.length === 0) return false;
  if (scene.running.length < Math.min(workers, scene.due)) return false;
  return scene.running.every((id) => (scene.rows.get(id) ?? 0) > (before.get(id) ?? 0));
}

/** What any reader sees of a lab. */
interface Scene {
  /** Rows by run. */
  readonly rows: ReadonlyMap<number, number>;
  readonly running: readonly number[];
  /** Runs that train, or wait for a trainer. */
  readonly due: number;
}

/**
 * @param timeout milliseconds to wait for such a moment to pass, which it does not while the host is stopped
 * @returns null at a moment at which a lab cannot be read: opening and closing one, SQLite shuts readers out
 */
function glance(lab: string, timeout = 0): Scene | null {
  if (!existsSync(lab)) return { rows: new Map(), running: [], due: 0 };
  const database = new DatabaseSync(lab, { readOnly: true, timeout });
  try {
    const runs = database.prepare('SELECT id, rows, state FROM run').all();
    const ids = (...states: string[]): number[] =>
      runs.filter(({ state }) => states.includes(String(state))).map(({ id }) => Number(id));
    return {
      rows: new Map(runs.map(({ id, rows }) => [Number(id), Number(rows)])),
      running: ids('running'),
      due: ids('queued', 'running', 'interrupted').length,
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Killed while the very first tables were being made.
    if (error.message.includes('no such table')) return { rows: new Map(), running: [], due: 0 };
    if (error.message === 'database is locked') return null;
    throw error;
  } finally {
    database.close();
  }
}

/** Stops a host at a moment at which others can read its lab. */
async function freeze(host: ChildProcess, lab: string): Promise<Scene> {
  const start = performance.now();
  for (;;) {
    host.kill('SIGSTOP');
    // The signal may find it in the middle of a write, which it ends before it stops: what that commits belongs to the scene.
    while (!isStopped(host)) await sleep(1);
    const scene = glance(lab);
    if (scene !== null) return scene;
    // Not after so many looks: others may have the processor between two of them.
    if (performance.now() - start > minute) throw new Error(`${lab} stays locked`);
    host.kill('SIGCONT');
    await sleep(5);
  }
}

/** Whether every thread of a process stands still, or it is gone. */
function isStopped({ pid }: ChildProcess): boolean {
  const tasks = `/proc/${pid}/task`;
  try {
    return readdirSync(tasks).every((task) =>
      // The state follows the name, which is in brackets and may hold anything.
      /\) [TZX]/.test(readFileSync(`${tasks}/${task}/stat`, 'utf8')),
    );
  } catch {
    return true;
  }
}

/**
 * After a host's death: nothing committed is missing, no page is broken, and every state is true.
 * @returns how many of its runs go on from a checkpoint with updates
 */
export function expectSound(lab: string, before: ReadonlyMap<number, number>): number {
  if (!existsSync(lab)) return 0;
  expect(checkLab(lab).findings).toEqual([]);
  const store = openLabStore(lab);
  try {
    const { integrity_check: integrity } = { ...integrityOf(lab) };
    expect(integrity).toBe('ok');
    for (const [runId, rows] of before) expect(store.runs.get(runId).rows).toBeGreaterThanOrEqual(rows);
    for (const { state, rows, problem, settings } of store.runs.list()) {
      expect(state).not.toBe('running');
      if (state === 'finished') expect(rows).toBe(settings.epochs + 1);
      if (state === 'interrupted') expect(problem).toMatch(/Run the study again|trainer|goes on from here/);
    }
    const snapshots = store.runs.list().map(({ id }) => store.snapshots.latest(id));
    return snapshots.filter((snapshot) => (snapshot?.updates.length ?? 0) > 0).length;
  } finally {
    store.close();
  }
}

function integrityOf(lab: string): Record<string, unknown> {
  const database = new DatabaseSync(lab, { readOnly: true });
  try {
    return { ...database.prepare('PRAGMA integrity_check').get() };
  } finally {
    database.close();
  }
}

/** By run, as any reader sees them; none where there is no lab yet. */
export function committedRows(lab: string): ReadonlyMap<number, number> {
  return sceneOf(lab).rows;
}

/** How many train, or wait for a trainer. */
export function dueRuns(lab: string): number {
  return sceneOf(lab).due;
}

function sceneOf(lab: string): Scene {
  const scene = glance(lab, minute);
  if (scene === null) throw new Error('database is locked');
  return scene;
}

/** Of the only study of a closed lab. */
export function hashOf(lab: string): string {
  const store = openLabStore(lab, { readOnly: true });
  try {
    const [{ id }] = store.studies.list();
    return contentHash(store, { kind: 'study', id });
  } finally {
    store.close();
  }
}

/** What the logs of a lab's runs say of trainers that went on from a checkpoint. */
function startsIn(
  lab: string,
): { readonly rows: number; readonly checkpoint: number; readonly window: number }[] {
  const store = openLabStore(lab, { readOnly: true });
  try {
    return store.runs.list().flatMap(({ id, settings }) => {
      const window = settings.probes.spectrum?.window ?? 0;
      return store.runs
        .log(id)
        .flatMap(({ state, rows, checkpoint }) =>
          state === 'running' && checkpoint !== null ? [{ rows, checkpoint, window }] : [],
        );
    });
  } finally {
    store.close();
  }
}

function failedRuns(lab: string): number {
  const store = openLabStore(lab, { readOnly: true });
  try {
    const failed = store.runs.list({ state: 'failed' });
    for (const run of failed) expect(run.problem).toMatch(/SIGKILL.*fourth trainer/);
    expect(failed.length).toBeGreaterThan(0);
    return failed.length;
  } finally {
    store.close();
  }
}

/** Environment of a host with a module for its trainers. */
export function withImport(module: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import ${pathToFileURL(path.join(import.meta.dirname, module)).href}` };
}

/** Process ids, youngest last. */
export function childrenOf(parent: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, stat]) => Number(ppid) === parent && !stat.startsWith('Z'))
    .map(([pid]) => Number(pid));
}

/** A trainer without a host is nobody's: it ends by itself. */
export async function expectGone(pids: readonly number[]): Promise<void> {
  const start = performance.now();
  while (pids.some(isAlive)) {
    expect(performance.now() - start, `processes ${pids.join(', ')} outlive their host`).toBeLessThan(minute);
    await sleep(20);
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** An orphan that is dead but not yet buried counts as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).trim();
    return !stat.startsWith('Z');
  } catch {
    return false;
  }
}
