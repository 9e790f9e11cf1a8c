import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Shortest and longest time between kills, in milliseconds; every fifth is six times as long. */
  readonly pause: readonly [number, number];
  /** Of a hundred kills these hit the host, the others one of its trainers. */
  readonly hostShare: number;
  readonly below: (limit: number) => number;
  /** No kill after this. */
  readonly until?: number;
}

export interface FireTally {
  hostKills: number;
  trainerKills: number;
  /** Studies that went through it to their end, each compared with an undisturbed one. */
  studies: number;
  /** Runs that met four kills in one sitting. */
  failedRuns: number;
  /** Commands that ended because three processes in a row were killed while they loaded the engine. */
  enginesKilled: number;
  /** Rows that were committed when a host was killed. */
  rowsAtKills: number;
}

/** Trains studies with the real command line while its processes are killed, and checks the lab after every death of a host. */
export async function trainUnderFire(options: FireOptions): Promise<FireTally> {
  const { text, engine, kills, below, until = Number.POSITIVE_INFINITY } = options;
  const bench = new Workbench();
  const tally: FireTally = {
    hostKills: 0,
    trainerKills: 0,
    studies: 0,
    failedRuns: 0,
    enginesKilled: 0,
    rowsAtKills: 0,
  };
  const done = (): boolean => tally.hostKills + tally.trainerKills >= kills || performance.now() > until;
  const command = (lab: string): string[] => [
    'run',
    'study.yaml',
    '--lab',
    lab,
    '--engine',
    engine,
    '--workers',
    '2',
  ];
  bench.write('study.yaml', text);
  let host: ChildProcess | null = null;
  try {
    expect(await bench.run(...command('undisturbed.lab'))).toMatchObject({ code: 0 });
    const oracle = hashOf(bench.path('undisturbed.lab'));
    while (!done()) {
      const lab = `fire-${tally.studies}.lab`;
      for (let finished = false; !finished;) {
        const { child, outcome } = bench.start(command(lab));
        host = child;
        const killed = await fireAt(child, bench.path(lab), outcome);
        const { code, err } = await outcome;
        if (killed) continue;
        if (code === 1) tally.failedRuns += failedRuns(bench.path(lab));
        // Three kills in a row before the engine was known: nothing was trained, and the sentence says so.
        else if (code === 2)
          expect(err).toMatch(/SIGKILL.*So did 3 in a row while they loaded the \w+ engine: run the same/);
        else expect({ code, err }).toMatchObject({ code: 0 });
        if (code === 2) tally.enginesKilled++;
        finished = code === 0;
      }
      expect(checkLab(bench.path(lab)).findings).toEqual([]);
      expect(hashOf(bench.path(lab))).toBe(oracle);
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
    while (!done()) {
      const [shortest, longest] = options.pause;
      // Now and then the fire holds off, or a study would never come to its end.
      const calm = below(5) === 0 ? 6 : 1;
      await Promise.race([sleep(calm * (shortest + below(longest - shortest + 1))), end]);
      if (over || host.pid === undefined) return false;
      if (below(100) < options.hostShare) {
        const trainers = childrenOf(host.pid);
        // Stopped first, so that what is committed can be counted before the end.
        const before = await freeze(host, lab);
        host.kill('SIGKILL');
        await end;
        tally.hostKills++;
        for (const rows of before.values()) tally.rowsAtKills += rows;
        await expectGone(trainers);
        expectSound(lab, before);
        return true;
      }
      const trainers = childrenOf(host.pid);
      if (trainers.length === 0) continue;
      if (kill(trainers[below(trainers.length)])) tally.trainerKills++;
    }
    return false;
  }
}

/** Stops a host at a moment at which others can read its lab: opening and closing one, SQLite shuts readers out. */
async function freeze(host: ChildProcess, lab: string): Promise<ReadonlyMap<number, number>> {
  for (let attempt = 0; ; attempt++) {
    host.kill('SIGSTOP');
    try {
      return committedRows(lab);
    } catch (error) {
      if (attempt > 100 || !(error instanceof Error) || error.message !== 'database is locked') throw error;
      host.kill('SIGCONT');
      await sleep(5);
    }
  }
}

/** After a host's death: nothing committed is missing, no page is broken, and every state is true. */
export function expectSound(lab: string, before: ReadonlyMap<number, number>): void {
  if (!existsSync(lab)) return;
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
export function committedRows(lab: string): Map<number, number> {
  if (!existsSync(lab)) return new Map();
  const database = new DatabaseSync(lab, { readOnly: true });
  try {
    const rows = database.prepare('SELECT id, rows FROM run').all();
    return new Map(rows.map((row) => [Number(row.id), Number(row.rows)]));
  } catch (error) {
    // Killed while the very first tables were being made.
    if (error instanceof Error && error.message.includes('no such table')) return new Map();
    throw error;
  } finally {
    database.close();
  }
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
    expect(performance.now() - start, `processes ${pids.join(', ')} outlive their host`).toBeLessThan(20_000);
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
    const stat = execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).trim();
    return !stat.startsWith('Z');
  } catch {
    return false;
  }
}
