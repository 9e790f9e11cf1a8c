import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createCore } from '#main/core/create-core.ts';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { engineNames } from '#shared/models/run.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { LabEvent } from '#shared/models/lab.ts';

/** The headline task with what is measured at every epoch there, but for the Gram; long enough for any pace. */
const study = `study: Resume
task: { kind: modular-addition, modulus: 71 }
split: { train: 2016 }
network: { width: 2048, activation: square }
optimizer: { kind: adam, learningRate: 0.001, weightDecay: 0.0002 }
epochs: 100000
seeds: [0]
probes:
  spectrum: { window: 20, layers: [W, V] }
  gradient: { every: 1, pairs: 500 }
`;

const delayedEpochs = pathToFileURL(path.join(import.meta.dirname, 'delayed-epochs.ts')).href;

interface Resumed {
  /** Milliseconds an epoch took, the mean of all. */
  readonly pace: number;
  /** At each kill: epochs from the checkpoint to the last row, and their milliseconds. */
  readonly lostEpochs: readonly number[];
  /** At each kill: milliseconds until the first row that was not there before. */
  readonly untilRow: readonly number[];
  /** Of this process to its disk, a second of training. */
  readonly megabytesPerSecond: number;
  readonly labMegabytes: number;
  readonly trainerMegabytes: number;
  readonly hostMegabytes: number;
  /** The longest time for which the host stood still, ms. */
  readonly hostStill: number;
}

async function measure(engine: EngineName, delay: number, seconds: number, kills: number): Promise<Resumed> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'grokscope-bench-'));
  process.env.BENCH_DELAY = String(delay);
  process.env.NODE_OPTIONS = `--import ${delayedEpochs}`;
  const store = openLabStore(path.join(folder, 'resume.lab'));
  const core = createCore({ store, trainers: nodeTrainers, workers: 1 });
  const still = monitorEventLoopDelay({ resolution: 10 });
  const rows = listen(core.subscribe.bind(core));
  try {
    const { id } = core.createStudy(study, 'resume.yaml');
    await core.startStudy(id, { engine });
    const [{ id: runId }] = core.listRuns({ studyId: id }).runs;
    await rows.beyond(0);
    still.enable();
    const written = bytesWritten();
    let trained = 0;
    let trainerMegabytes = 0;
    let epochs = 0;
    const untilRow: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const from = { at: performance.now(), row: rows.last() };
      await sleep(seconds * 1000 + (kill * delay) / kills);
      trained += performance.now() - from.at;
      epochs += rows.last() - from.row;
      const pid = trainerOf(process.pid);
      trainerMegabytes = Math.max(trainerMegabytes, peakOf(pid));
      const killed = performance.now();
      process.kill(pid, 'SIGKILL');
      await rows.beyond(rows.last());
      untilRow.push(performance.now() - killed);
    }
    const megabytesPerSecond = (bytesWritten() - written) / 1e3 / trained;
    const labMegabytes = statSync(store.path).size / 1e6;
    const lostEpochs = core
      .runLog(runId)
      .filter(({ state }) => state === 'running')
      .slice(1)
      .map((entry) => entry.rows - (entry.checkpoint ?? 0));
    return {
      pace: trained / epochs,
      lostEpochs,
      untilRow,
      megabytesPerSecond,
      labMegabytes,
      trainerMegabytes,
      hostMegabytes: peakOf(process.pid),
      hostStill: still.max / 1e6,
    };
  } finally {
    await core.close();
    delete process.env.NODE_OPTIONS;
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Rows {
  /** The newest row that is committed. */
  last(): number;
  beyond(row: number): Promise<void>;
}

function listen(subscribe: (listener: (event: LabEvent) => void) => unknown): Rows {
  let newest = -1;
  let waiting: { readonly row: number; readonly resolve: () => void }[] = [];
  subscribe((event) => {
    if (event.type !== 'rows') return;
    newest = event.firstEpoch + event.count - 1;
    for (const { row, resolve } of waiting) if (newest > row) resolve();
    waiting = waiting.filter(({ row }) => newest <= row);
  });
  return {
    last: () => newest,
    beyond: (row) => new Promise((resolve) => waiting.push({ row, resolve })),
  };
}

function trainerOf(parent: number): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (Number(ppid) === parent && state !== 'Z' && command.includes('entry.ts')) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error('no trainer runs');
}

function list(numbers: readonly number[], digits: number): string {
  return numbers.map((number) => number.toFixed(digits)).join(', ');
}

/** Largest resident memory of a process so far, MB. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1e3;
}

function bytesWritten(): number {
  return Number(/wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

/**
 * What a kill -9 of a trainer of the headline task costs at several paces: epochs trained again and time until the first new row, with what
 * checkpoints write and hold. Linux only. `--delays` are milliseconds that an epoch takes longer than it does here.
 */
export async function benchResume(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: 'string', default: 'wasm' },
      delays: { type: 'string', default: '0,250,800,2500' },
      seconds: { type: 'string', default: '25' },
      kills: { type: 'string', default: '3' },
    },
  });
  const engine = engineNames.find((name) => name === values.engine);
  if (engine === undefined) throw new Error(`there is no engine ${values.engine}`);
  for (const delay of values.delays.split(',').map(Number)) {
    const one = await measure(engine, delay, Number(values.seconds), Number(values.kills));
    process.stdout.write(
      `${engine}, ${(one.pace / 1000).toFixed(2)} s an epoch: trained again ${list(one.lostEpochs, 0)} epochs ` +
        `(${list(
          one.lostEpochs.map((epochs) => (epochs * one.pace) / 1000),
          1,
        )} s of work), first new row after ${list(
          one.untilRow.map((ms) => ms / 1000),
          1,
        )} s; ` +
        `writes ${one.megabytesPerSecond.toFixed(1)} MB/s, lab ${one.labMegabytes.toFixed(0)} MB, trainer ${one.trainerMegabytes.toFixed(0)} MB, ` +
        `host ${one.hostMegabytes.toFixed(0)} MB, still for ${one.hostStill.toFixed(0)} ms at most\n`,
    );
  }
}
