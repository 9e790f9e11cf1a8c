import { createHash } from 'node:crypto';
import { problem } from '#shared/models/problem.ts';
import type { Study } from '#shared/models/study.ts';
import { trainingIdentity } from '#shared/study/training-identity.ts';
import { type LabDatabase, present } from './connection.ts';
import { type Row, integer, json, text } from './row.ts';
import { studyModelSchema } from './study-schema.ts';

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
}

const columns = 'id, name, identity, model, source, created_at, file';

export class StudyStore {
  readonly #database: LabDatabase;
  readonly #clock: () => Date;

  constructor(database: LabDatabase, clock: () => Date) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Adds the study, or renews the text, detectors, seeds and late range of the one that trains the same; its runs stay. */
  save(study: Study, file: string): StudyRecord {
    const identity = identityOf(study);
    const { source, ...model } = study;
    const modelText = JSON.stringify(model);
    const id = this.#database.transaction(
      () => {
        this.#database.run(
          `INSERT INTO study (name, identity, file, model, source, created_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (name, identity) DO UPDATE SET file = excluded.file, model = excluded.model, source = excluded.source`,
          study.name,
          identity,
          file,
          modelText,
          source,
          this.#clock().toISOString(),
        );
        const saved = this.#database.get(
          'SELECT id FROM study WHERE name = ? AND identity = ?',
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

  /** The record of the same name that trains the same, if the lab has it. */
  match(study: Study): StudyRecord | null {
    const record = this.#database.get(
      `SELECT ${columns} FROM study WHERE name = ? AND identity = ?`,
      parseRecord,
      study.name,
      identityOf(study),
    );
    return record ?? null;
  }

  /** Oldest first. */
  list(): StudyRecord[] {
    return this.#database.all(`SELECT ${columns} FROM study ORDER BY id`, parseRecord);
  }

  get(id: number): StudyRecord {
    const record = this.#database.get(`SELECT ${columns} FROM study WHERE id = ?`, parseRecord, id);
    if (record === undefined)
      throw problem('not-found', `${this.#database.path} holds no study ${id}. ${this.#contents()}`);
    return record;
  }

  /**
   * By name, id, or the beginning of a name (upper and lower case alike): the first of these that matches anything.
   * @throws not-found, saying what there is; bad-argument when several match, saying which
   */
  find(wanted: string): StudyRecord {
    const records = this.list();
    const lower = wanted.toLowerCase();
    const matches = [
      records.filter((record) => record.name === wanted),
      records.filter((record) => String(record.id) === wanted),
      records.filter((record) => record.name.toLowerCase() === lower),
      records.filter((record) => lower !== '' && record.name.toLowerCase().startsWith(lower)),
    ].find((found) => found.length > 0);
    if (matches === undefined) {
      throw problem('not-found', `${this.#database.path} holds no study "${wanted}". ${this.#contents()}`);
    }
    const [match, ...others] = matches;
    if (match !== undefined && others.length === 0) return match;
    throw problem(
      'bad-argument',
      `"${wanted}" means several studies: ${matches.map(label).join(', ')}. Give the id.`,
    );
  }

  #contents(): string {
    const labels = this.list().map(label);
    return labels.length === 0 ? 'It holds none yet.' : `It holds ${labels.join(', ')}.`;
  }
}

function identityOf(study: Study): string {
  return createHash('sha256').update(trainingIdentity(study.conditions)).digest('hex');
}

function label(record: StudyRecord): string {
  return `${record.id} "${record.name}" (${record.file}, saved ${record.createdAt.slice(0, 16).replace('T', ' ')})`;
}

function parseRecord(row: Row): StudyRecord {
  const model = json(text(row, 'model'), 'study.model', studyModelSchema);
  return {
    id: integer(row, 'id'),
    name: text(row, 'name'),
    identity: text(row, 'identity'),
    study: { ...model, source: text(row, 'source') },
    createdAt: text(row, 'created_at'),
    file: text(row, 'file'),
  };
}
