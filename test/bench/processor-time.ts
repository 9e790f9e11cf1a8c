import { readFileSync, readdirSync } from 'node:fs';

/** Of the processes that a bench of the window starts. */
export type Role = 'host' | 'trainers' | 'browser' | 'renderer' | 'gpu' | 'other';
export type Seconds = Readonly<Record<Role, number>>;

/** Of one process, read from /proc. */
interface Process {
  readonly parent: number;
  readonly command: string;
  readonly own: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

/** Linux counts a hundred of them a second, on every machine (USER_HZ). */
const ticksASecond = 100;

/** Processor time that the descendants of this process have spent so far, user's and system's, by what they are. Linux only. */
export function processorSeconds(): Seconds {
  const sums: Record<Role, number> = { host: 0, trainers: 0, browser: 0, renderer: 0, gpu: 0, other: 0 };
  const all = processes();
  for (const [pid, { command, own, ended }] of all) {
    if (!isBelow(all, pid, process.pid)) continue;
    const role = roleOf(command);
    // What a host's ended children did was training; Chromium's are started by a process of no other use.
    sums[role] += role === 'host' ? own : own + ended;
  }
  return sums;
}

function roleOf(command: string): Role {
  if (command.includes('trainer/entry')) return 'trainers';
  if (command.includes('hosts/cli/main.ts')) return 'host';
  const kind = /--type=([\w-]+)/.exec(command)?.[1];
  // Renderers come from a zygote, and those that have ended are counted with it.
  if (kind === 'renderer' || kind === 'zygote') return 'renderer';
  if (kind === 'gpu-process') return 'gpu';
  if (kind === undefined && command.includes('--headless')) return 'browser';
  return 'other';
}

function processes(): ReadonlyMap<number, Process> {
  const found = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // After the name, which may have spaces: state, parent, ..., utime, stime, cutime, cstime.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [user, system, endedUser, endedSystem] = fields.slice(11, 15);
      found.set(Number(name), {
        parent: fields[1],
        command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
        own: (user + system) / ticksASecond,
        ended: (endedUser + endedSystem) / ticksASecond,
      });
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

function isBelow(all: ReadonlyMap<number, Process>, pid: number, ancestor: number): boolean {
  for (let at = all.get(pid)?.parent; at !== undefined; at = all.get(at)?.parent)
    if (at === ancestor) return true;
  return false;
}
