import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProblemError, problem } from '#shared/models/problem.ts';
import type { Condition } from '#shared/models/study.ts';
import { verify } from './checksum.ts';
import { Connection, type LabDatabase } from './connection.ts';
import { identifyLab, newestVersion } from './database.ts';
import { type LabStore, storeOver } from './lab-store.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/all.ts';
import { type Row, DamagedRow, integer, json, text, textOrNull } from './row.ts';
import { probeDigest, seriesDigest } from './run-digest.ts';
import { readLog } from './run-log.ts';
import { runState } from './run-record.ts';
import { seriesCoverage } from './series-coverage.ts';
import { provenanceSchema, seriesLayoutSchema, settingsSchema, studyModelSchema } from './study-schema.ts';
import { identityOf } from './study-store.ts';

export interface LabCheck {
  /** Absolute. */
  readonly path: string;
  /** Nothing was found. */
  readonly sound: boolean;
  /** The file's format; null when it could not be opened as a lab. */
  readonly version: number | null;
  readonly studies: number;
  readonly runs: number;
  /** Epochs of all runs. */
  readonly rows: number;
  /** What is wrong, a sentence each. */
  readonly findings: readonly string[];
}

/** More than this many findings are counted, not told. */
const mostFindings = 100;

/**
 * Reads a whole lab and says everything that is wrong with it, without changing it; another program may be writing to it meanwhile. What
 * is looked at: the header; SQLite's own integrity and foreign keys; the tables against those of the format; that every study, condition,
 * setting and provenance can be read, and is what was saved; that each run's series hold exactly its rows; that every number, probe and
 * snapshot is what was stored, by its checksum; that a finished run's numbers and probes are those it finished with, by their digests.
 * A lab of an older format is checked as SQLite alone, until it is opened and so brought up to date.
 */
export function checkLab(path: string): LabCheck {
  const absolute = resolve(path);
  const findings = new Findings();
  const counts = { studies: 0, runs: 0, rows: 0 };
  let version: number | null = null;
  findings.attempt(() => {
    const lab = identifyForCheck(absolute);
    try {
      version = lab.version;
      if (lab.version > 0)
        lab.connection.snapshot(() => inspect(lab.connection, lab.version, findings, counts));
    } finally {
      lab.connection.close();
    }
  });
  const told = findings.told();
  return { path: absolute, sound: told.length === 0, version, ...counts, findings: told };
}

/** A lab that SQLite does not open at all is told without the advice to run this very check. */
function identifyForCheck(path: string): ReturnType<typeof identifyLab> {
  try {
    return identifyLab(path);
  } catch (error) {
    if (!(error instanceof ProblemError) || !(error.cause instanceof DamagedRow)) throw error;
    const { message } = error.cause;
    throw problem(
      'lab-damaged',
      `${path}: the lab file is damaged (${message}) and cannot be opened. It was left as it is: \`lab repair\` looks for what can still be read and brings it into a new file; or restore a copy.`,
    );
  }
}

interface Counts {
  studies: number;
  runs: number;
  rows: number;
}

class Findings {
  readonly #sentences: string[] = [];

  add(sentence: string): void {
    this.#sentences.push(sentence);
  }

  /** What cannot be read is a finding; anything else that is thrown is a bug. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      const damage = error instanceof ProblemError ? error.cause : error;
      if (damage instanceof DamagedRow) this.add(sentence(damage.message));
      else if (error instanceof ProblemError) this.add(error.message);
      else throw error;
    }
  }

  told(): string[] {
    const more = this.#sentences.length - mostFindings;
    return more > 0
      ? [...this.#sentences.slice(0, mostFindings), `And ${more} more of the like.`]
      : [...this.#sentences];
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function inspect(database: LabDatabase, version: number, findings: Findings, counts: Counts): void {
  const steps = [checkPages, (lab: LabDatabase, to: Findings) => checkSchema(lab, version, to), checkParents];
  for (const step of steps) findings.attempt(() => step(database, findings));
  if (version !== newestVersion) return;
  const store = storeOver(database, () => new Date());
  findings.attempt(() => {
    counts.studies = checkStudies(database, findings);
  });
  findings.attempt(() => {
    for (const id of database.all('SELECT id FROM run ORDER BY id', (row) => integer(row, 'id'))) {
      counts.runs += 1;
      findings.attempt(() => {
        counts.rows += checkRun(store, id, findings);
      });
    }
  });
}

function checkPages(database: LabDatabase, findings: Findings): void {
  for (const line of database.all('PRAGMA integrity_check(20)', (row) => text(row, 'integrity_check'))) {
    if (line !== 'ok') findings.add(`SQLite finds a damaged page or row: ${line}.`);
  }
}

/** Against a lab made for the purpose: a bit that flips inside the schema need not make it invalid. */
function checkSchema(database: LabDatabase, version: number, findings: Findings): void {
  const fresh = new Connection(':memory:', new DatabaseSync(':memory:'), false, () => {});
  try {
    migrate(fresh, migrations.slice(0, version));
    const wanted = new Map(schemaOf(fresh));
    const found = new Map(schemaOf(database));
    for (const [name, sql] of wanted) {
      if (!found.has(name)) findings.add(`The table or index ${name} is missing.`);
      else if (found.get(name) !== sql)
        findings.add(`The table or index ${name} is not as format ${version} has it.`);
    }
    for (const name of found.keys()) {
      if (!wanted.has(name))
        findings.add(`The table or index ${name} is not one of a lab of format ${version}.`);
    }
  } finally {
    fresh.close();
  }
}

function schemaOf(database: LabDatabase): (readonly [string, string | null])[] {
  return database.all(
    `SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'`,
    (row) => [text(row, 'name'), textOrNull(row, 'sql')] as const,
  );
}

function checkParents(database: LabDatabase, findings: Findings): void {
  const orphans = database.all(
    'SELECT "table", parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY "table", parent',
    (row) => ({ table: text(row, 'table'), parent: text(row, 'parent'), count: integer(row, 'n') }),
  );
  for (const { table, parent, count } of orphans) {
    findings.add(`${count} ${count === 1 ? 'row' : 'rows'} of ${table} belong to no ${parent}.`);
  }
}

function checkStudies(database: LabDatabase, findings: Findings): number {
  const ids = database.all('SELECT id FROM study', (row) => integer(row, 'id'));
  for (const id of ids) {
    const check = (row: Row): void => {
      const what = (): string => `Study ${id}: its text, detectors, seeds or late range are`;
      verify(integer(row, 'crc32'), what, text(row, 'model'), text(row, 'source'));
      const model = json(text(row, 'model'), 'model', studyModelSchema);
      if (model.name !== text(row, 'name'))
        findings.add(`Study ${id} is called one thing and its text another.`);
      if (identityOf(model.conditions) !== text(row, 'identity')) {
        findings.add(`Study ${id} ("${model.name}") does not train what it did when it was saved.`);
      }
      if (identityOf(conditionsOf(database, id)) !== text(row, 'identity'))
        findings.add(`Study ${id} ("${model.name}"): a condition does not train what the study says.`);
    };
    findings.attempt(() =>
      database.get('SELECT name, identity, model, source, crc32 FROM study WHERE id = ?', check, id),
    );
  }
  return ids.length;
}

function conditionsOf(database: LabDatabase, studyId: number): Condition[] {
  return database.all(
    'SELECT name, settings FROM condition WHERE study_id = ?',
    (row) => ({
      name: text(row, 'name'),
      settings: json(text(row, 'settings'), 'settings', settingsSchema),
    }),
    studyId,
  );
}

/** @returns its rows */
function checkRun(store: LabStore, id: number, findings: Findings): number {
  const { database } = store;
  const run = database.get(
    `SELECT run.id, seed, state, rows, provenance, names, series_digest, probe_digest FROM run
       LEFT JOIN series_layout ON series_layout.id = layout_id WHERE run.id = ?`,
    (row) => {
      const provenance = textOrNull(row, 'provenance');
      if (provenance !== null) json(provenance, 'provenance', provenanceSchema);
      const names = textOrNull(row, 'names');
      return {
        label: `Run ${id} (seed ${integer(row, 'seed')})`,
        finished: runState(text(row, 'state')) === 'finished',
        rows: integer(row, 'rows'),
        width: names === null ? 0 : json(names, 'series_layout.names', seriesLayoutSchema).length,
        seriesDigest: textOrNull(row, 'series_digest'),
        probeDigest: textOrNull(row, 'probe_digest'),
      };
    },
    id,
  );
  if (run === undefined) return 0;
  const coverage = seriesCoverage(database, id, run.width);
  if (coverage.rows !== run.rows || !coverage.exact) {
    findings.add(
      `${run.label} has ${run.rows} rows; its series hold ${coverage.rows} without a gap${coverage.exact ? '' : ', and more that do not belong'}.`,
    );
    return coverage.rows;
  }
  findings.attempt(() => {
    // Reading them all verifies them all, whatever the run's state.
    const digest = seriesDigest(store.series, id, store.series.names(id));
    if (run.finished && digest !== run.seriesDigest) {
      findings.add(`${run.label}: a number in its series is not the one it finished with.`);
    }
    checkNewest(store, id, run.label, findings);
  });
  findings.attempt(() => {
    store.probes.list(id);
    if (run.finished && probeDigest(database, id) !== run.probeDigest) {
      findings.add(`${run.label}: its probes are not those it finished with.`);
    }
  });
  findings.attempt(() => {
    const snapshots = database.all('SELECT epoch FROM snapshot WHERE run_id = ?', (row) => row, id);
    const snapshot = store.snapshots.latest(id);
    if (snapshots.length > 0 && (snapshot === null || snapshot.updates.includes(null))) {
      findings.add(`${run.label}: its snapshot cannot be gone on from; the run starts again from its seed.`);
    }
  });
  findings.attempt(() => readLog(database, id));
  return run.rows;
}

/** The accuracies kept beside a run are those of its newest row. */
function checkNewest(store: LabStore, id: number, label: string, findings: Findings): void {
  const names = store.series.names(id);
  const last = store.series.rows(id) - 1;
  for (const [series, column] of [
    ['train.accuracy', 'train_accuracy'],
    ['test.accuracy', 'test_accuracy'],
  ] as const) {
    const kept = store.database.get(
      `SELECT ${column} AS kept FROM run WHERE id = ?`,
      (row) => row['kept'],
      id,
    );
    const value = names.includes(series) ? (store.series.read(id, series, [last, last])[0] ?? null) : null;
    const stored = Number.isNaN(value) ? null : value;
    if (kept !== stored)
      findings.add(`${label}: the ${series} kept for tables is not that of its newest row.`);
  }
}
