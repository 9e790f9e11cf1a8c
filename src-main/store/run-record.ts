import {
  type EngineName,
  type Provenance,
  type Run,
  type RunState,
  engineNames,
  runStates,
} from '#shared/models/run.ts';
import type { Settings } from '#shared/models/settings.ts';
import { type Row, DamagedRow, integer, json, real, text, textOrNull } from './row.ts';
import { provenanceSchema, settingsSchema } from './study-schema.ts';

/** What `RunReader` reads. */
export const runColumns = `run.id, study_id, condition.name AS condition, seed, condition.settings, state, rows, seconds,
  provenance, problem`;

/** Every query of runs is over these; what is deleted is left out by `liveRun`. */
export const runJoins =
  'FROM run JOIN condition ON condition.id = condition_id JOIN study ON study.id = study_id';

export const selectRun = `SELECT ${runColumns} ${runJoins}`;

export const liveRun = 'run.deleted_at IS NULL AND study.deleted_at IS NULL';

/** Rows of `selectRun` as runs. Thousands of runs share a few settings and provenances: each text is parsed once. */
export class RunReader {
  readonly #settings = new Map<string, Settings>();
  readonly #provenance = new Map<string, Provenance>();

  run(row: Row): Run {
    return {
      id: integer(row, 'id'),
      studyId: integer(row, 'study_id'),
      condition: text(row, 'condition'),
      seed: integer(row, 'seed'),
      settings: this.settings(text(row, 'settings')),
      state: runState(text(row, 'state')),
      rows: integer(row, 'rows'),
      seconds: real(row, 'seconds'),
      provenance: this.provenance(textOrNull(row, 'provenance')),
      problem: textOrNull(row, 'problem'),
    };
  }

  settings(settings: string): Settings {
    return remember(this.#settings, settings, (value) => json(value, 'settings', settingsSchema));
  }

  provenance(provenance: string | null): Provenance | null {
    if (provenance === null) return null;
    return remember(this.#provenance, provenance, (value) => json(value, 'provenance', provenanceSchema));
  }
}

export function runState(value: string): RunState {
  const state = runStates.find((known) => known === value);
  if (state === undefined) throw new DamagedRow(`run.state is ${JSON.stringify(value)}`);
  return state;
}

export function engineName(row: Row, column: string): EngineName {
  const value = text(row, column);
  const engine = engineNames.find((name) => name === value);
  if (engine === undefined) throw new DamagedRow(`${column} is ${JSON.stringify(value)}`);
  return engine;
}

function remember<T>(known: Map<string, T>, key: string, make: (key: string) => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make(key);
  known.set(key, made);
  return made;
}
