import { createHash } from 'node:crypto';
import { problem } from '#shared/models/problem.ts';
import type { EngineName, Run, RunState } from '#shared/models/run.ts';
import type { Condition, Study } from '#shared/models/study.ts';
import { trainingIdentity } from '#shared/study/training-identity.ts';
import { checksum } from './checksum.ts';
import { type LabDatabase, present } from './connection.ts';
import { Labels } from './labels.ts';
import { type Row, integer, json, text, textOrNull } from './row.ts';
import { matchStudies } from './match-studies.ts';
import { logChange } from './run-log.ts';
import { engineName } from './run-record.ts';
import { matchText, studyWords } from './search-text.ts';
import { studyModelSchema, tagListSchema } from './study-schema.ts';
import { requireStill } from './trash.ts';

/** A study as this lab keeps it. */
export interface StudyRecord {
  readonly id: number;
  readonly name: string;
  /** SHA-256 (hex) of what the study trains. A study of the same name that trains anything else is another record. */
  readonly identity: string;
  readonly study: Study;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The study file's name when it was last saved. */
  readonly file: string;
  /** The engine it is to be trained with, now and after a restart of the program; null while nobody asks for that. */
  readonly training: EngineName | null;
  /** ISO 8601, UTC; null unless it is deleted. */
  readonly deletedAt: string | null;
  readonly note: string;
  /** In alphabetical order. */
  readonly tags: readonly string[];
}

export interface StudyQuery {
  /** Words that all occur in the study's name, file, note, tags or conditions, upper and lower case alike. */
  readonly text?: string;
  /** Studies with a run in this state. */
  readonly state?: RunState;
  readonly tag?: string;
}

const columns = `id, name, identity, model, source, created_at, file, training, deleted_at, note,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM study_tag WHERE study_id = study.id ORDER BY tag)) AS tags`;

/** Studies; deleted ones are not seen. */
export class StudyStore {
  readonly #database: LabDatabase;
  readonly #clock: () => Date;
  readonly #runs: (studyId: number) => readonly Run[];
  readonly #labels: Labels;
  readonly #parsed = new Map<number, { readonly model: string; readonly study: Study }>();

  /** @param runs those of a study, to refuse its deletion while one is training */
  constructor(database: LabDatabase, clock: () => Date, runs: (studyId: number) => readonly Run[]) {
    this.#database = database;
    this.#clock = clock;
    this.#runs = runs;
    this.#labels = new Labels(database, 'study');
  }

  /** Adds the study, or renews the text, detectors, seeds and late range of the one that trains the same; its runs stay. */
  save(study: Study, file: string): StudyRecord {
    const identity = identityOf(study.conditions);
    const { source, ...model } = study;
    const modelText = JSON.stringify(model);
    const id = this.#database.transaction(
      () => {
        this.#database.run(
          `INSERT INTO study (name, identity, file, model, source, created_at, crc32) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (name, identity) WHERE deleted_at IS NULL
             DO UPDATE SET file = excluded.file, model = excluded.model, source = excluded.source, crc32 = excluded.crc32`,
          study.name,
          identity,
          file,
          modelText,
          source,
          this.#clock().toISOString(),
          checksum(modelText, source),
        );
        const saved = this.#database.get(
          'SELECT id FROM study WHERE name = ? AND identity = ? AND deleted_at IS NULL',
          (row) => integer(row, 'id'),
          study.name,
          identity,
        );
        const studyId = present(saved, `study ${study.name}`);
        for (const condition of study.conditions) {
          this.#database.run(
            'INSERT INTO condition (study_id, name, settings) VALUES (?, ?, ?) ON CONFLICT (study_id, name) DO NOTHING',
            studyId,
            condition.name,
            JSON.stringify(condition.settings),
          );
        }
        return studyId;
      },
      { durable: true },
    );
    return this.get(id);
  }

  /** Seeds that came with imported runs. */
  addSeeds(id: number, seeds: readonly number[]): void {
    const { study } = this.get(id);
    const all = [...new Set([...study.seeds, ...seeds])];
    if (all.length === study.seeds.length) return;
    this.renew(id, { ...study, seeds: all.toSorted((a, b) => a - b) });
  }

  /** Another version of a study that trains the same, under the same name. */
  renew(id: number, study: Study): void {
    const { source, ...model } = study;
    const modelText = JSON.stringify(model);
    this.#database.run(
      'UPDATE study SET model = ?, source = ?, crc32 = ? WHERE id = ?',
      modelText,
      source,
      checksum(modelText, source),
      id,
    );
  }

  /** The record of the same name that trains the same, if the lab has it. */
  match(study: Study): StudyRecord | null {
    const record = this.#database.get(
      `SELECT ${columns} FROM study WHERE name = ? AND identity = ? AND deleted_at IS NULL`,
      this.#record,
      study.name,
      identityOf(study.conditions),
    );
    return record ?? null;
  }

  /** Oldest first. */
  list(): StudyRecord[] {
    return this.search({});
  }

  /** Those that can still come back, oldest first. */
  listDeleted(): StudyRecord[] {
    return this.#database.all(
      `SELECT ${columns} FROM study WHERE deleted_at IS NOT NULL ORDER BY id`,
      this.#record,
    );
  }

  /** Those that fit all that is asked for, oldest first. */
  search(query: StudyQuery): StudyRecord[] {
    const { sql, values } = matchText(query.text, studyWords);
    return this.#database.all(
      `SELECT ${columns} FROM study WHERE deleted_at IS NULL
         AND (?1 IS NULL OR EXISTS (SELECT 1 FROM run JOIN condition ON condition.id = condition_id
           WHERE study_id = study.id AND state = ?1 AND run.deleted_at IS NULL))
         AND (?2 IS NULL OR EXISTS (SELECT 1 FROM study_tag WHERE study_id = study.id AND tag = ?2))
         AND ${sql} ORDER BY id`,
      this.#record,
      query.state ?? null,
      query.tag ?? null,
      ...values,
    );
  }

  /** @throws not-found, also for a deleted study */
  get(id: number): StudyRecord {
    const record = this.#database.get(
      `SELECT ${columns} FROM study WHERE id = ? AND deleted_at IS NULL`,
      this.#record,
      id,
    );
    if (record === undefined)
      throw problem('not-found', `${this.#database.path} holds no study ${id}. ${this.#contents()}`);
    return record;
  }

  /**
   * By name, id, or the beginning of a name (upper and lower case alike): the first of these that matches anything.
   * @throws not-found, saying what there is; bad-argument when several match, saying which
   */
  find(wanted: string): StudyRecord {
    const matches = matchStudies(this.list(), wanted);
    if (matches.length === 0) {
      throw problem('not-found', `${this.#database.path} holds no study "${wanted}". ${this.#contents()}`);
    }
    if (matches.length === 1) return matches[0];
    throw problem(
      'bad-argument',
      `"${wanted}" means several studies: ${matches.map(label).join(', ')}. Give the id.`,
    );
  }

  /** Hidden with its runs until `undelete`, and gone for good with `purgeDeleted`. @throws bad-argument while one of them is training */
  delete(id: number): void {
    this.#database.transaction(
      () => {
        const runs = this.#runs(this.get(id).id);
        requireStill(runs);
        this.#log(runs, 'Deleted with its study.');
        this.#database.run(
          'UPDATE study SET deleted_at = ?, training = NULL WHERE id = ?',
          this.#clock().toISOString(),
          id,
        );
      },
      { durable: true },
    );
  }

  /** @throws bad-argument when the lab has got the same study again by now; not-found when it was purged */
  undelete(id: number): StudyRecord {
    return this.#database.transaction(() => {
      const twin = this.#database.get(
        `SELECT live.id FROM study AS gone JOIN study AS live ON live.name = gone.name AND live.identity = gone.identity
         WHERE gone.id = ? AND gone.deleted_at IS NOT NULL AND live.deleted_at IS NULL`,
        (row) => integer(row, 'id'),
        id,
      );
      if (twin !== undefined) {
        throw problem(
          'bad-argument',
          `Study ${id} cannot come back: study ${twin} is the same one, made since. Delete that one first.`,
        );
      }
      this.#database.run('UPDATE study SET deleted_at = NULL WHERE id = ?', id);
      this.#log(this.#runs(id), 'Brought back with its study.');
      return this.get(id);
    });
  }

  /** @param engine with which its runs are to be trained; null to leave them */
  setTraining(id: number, engine: EngineName | null): void {
    this.#database.run('UPDATE study SET training = ? WHERE id = ?', engine, this.get(id).id);
  }

  tag(id: number, tag: string): void {
    this.#labels.tag(this.get(id).id, tag);
  }

  untag(id: number, tag: string): void {
    this.#labels.untag(this.get(id).id, tag);
  }

  annotate(id: number, note: string): void {
    this.#labels.annotate(this.get(id).id, note);
  }

  #log(runs: readonly Run[], reason: string): void {
    for (const { id, state } of runs) logChange(this.#database, this.#clock(), id, { state, reason });
  }

  readonly #record = (row: Row): StudyRecord => parseRecord(row, this.#study(row));

  /** The same object as long as the study is the same: its model takes a millisecond to parse, and others keep what they derive from it. */
  #study(row: Row): Study {
    const [id, model, source] = [integer(row, 'id'), text(row, 'model'), text(row, 'source')];
    const known = this.#parsed.get(id);
    if (known?.model === model && known.study.source === source) return known.study;
    const study = { ...json(model, 'study.model', studyModelSchema), source };
    this.#parsed.set(id, { model, study });
    return study;
  }

  #contents(): string {
    const labels = this.list().map(label);
    return labels.length === 0 ? 'It holds none yet.' : `It holds ${labels.join(', ')}.`;
  }
}

/** SHA-256 (hex) of what these conditions train. */
export function identityOf(conditions: readonly Condition[]): string {
  return createHash('sha256').update(trainingIdentity(conditions)).digest('hex');
}

function label(record: StudyRecord): string {
  return `${record.id} "${record.name}" (${record.file}, saved ${record.createdAt.slice(0, 16).replace('T', ' ')})`;
}

function parseRecord(row: Row, study: Study): StudyRecord {
  return {
    id: integer(row, 'id'),
    name: text(row, 'name'),
    identity: text(row, 'identity'),
    study,
    createdAt: text(row, 'created_at'),
    file: text(row, 'file'),
    training: row['training'] === null ? null : engineName(row, 'training'),
    deletedAt: textOrNull(row, 'deleted_at'),
    note: text(row, 'note'),
    tags: json(text(row, 'tags'), 'study_tag.tag', tagListSchema),
  };
}
