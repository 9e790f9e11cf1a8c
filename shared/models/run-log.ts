import type { RunState } from './run.ts';

/** A change of a run's state, its deletion or return, or what a repair did to it, as the lab keeps it. */
export interface RunLogEntry {
  /** From 1, without a gap in what happened; the first ones of a long log may be gone. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  /** The state it came into, or is in. */
  readonly state: RunState;
  /** How many trainers the run had had by then, this one included; 0 before the first. */
  readonly attempt: number;
  /** Stored rows at that moment. */
  readonly rows: number;
  /** Of the trainer that started, as `wasm 1.2`; null for another change, and where rows were imported. */
  readonly engine: string | null;
  /** Epoch of the checkpoint that the trainer went on from; null where it began at the seed. */
  readonly checkpoint: number | null;
  /** As a sentence; null where the state says it all. */
  readonly reason: string | null;
}

/** Entries a run keeps; older ones go. */
export const longestLog = 200;

/** The state that each entry tells of, in words: `still finished` where only something befell the run, such as its deletion. */
export function stateWords(log: readonly RunLogEntry[]): string[] {
  return log.map(({ state, attempt }, at) => {
    if (state === 'running') return attempt > 1 ? 'restarted' : state;
    return log[at - 1]?.state === state ? `still ${state}` : state;
  });
}

/** What happened, in words. */
export function describeEntry({ state, attempt, rows, engine, checkpoint, reason }: RunLogEntry): string {
  if (state === 'running')
    return engine === null ? 'Rows were imported.' : startOf(attempt, engine, checkpoint, rows);
  if (reason !== null) return reason;
  if (state === 'finished') return `All ${rows} rows are there.`;
  if (state === 'cancelled') return 'Cancelled.';
  return rows === 0 ? 'It waits for a trainer.' : `It waits for a trainer, with the ${rows} rows it has.`;
}

function startOf(attempt: number, engine: string, checkpoint: number | null, rows: number): string {
  const from = checkpoint === null ? 'from the seed' : `from the checkpoint at epoch ${checkpoint}`;
  const kept = rows === 0 ? '' : `; rows 0 to ${rows - 1} were there`;
  return `Trainer ${attempt} (${engine}) started ${from}${kept}.`;
}

/** Says that the first entries of a long log are gone; null where none is. */
export function missingEntries(log: readonly RunLogEntry[]): string | null {
  const gone = (log[0]?.number ?? 1) - 1;
  return gone === 0
    ? null
    : `${gone} earlier ${gone === 1 ? 'entry is' : 'entries are'} gone: a run keeps its last ${longestLog}.`;
}
