import { problem } from '#shared/models/problem.ts';
import type { LabDatabase } from './connection.ts';
import { text } from './row.ts';

const longestTag = 60;

/** The tags and the note a person gives a study or a run. */
export class Labels {
  readonly #database: LabDatabase;
  readonly #kind: 'study' | 'run';

  constructor(database: LabDatabase, kind: 'study' | 'run') {
    this.#database = database;
    this.#kind = kind;
  }

  /** In alphabetical order. */
  tags(id: number): string[] {
    return this.#database.all(
      `SELECT tag FROM ${this.#kind}_tag WHERE ${this.#kind}_id = ? ORDER BY tag`,
      (row) => text(row, 'tag'),
      id,
    );
  }

  note(id: number): string {
    const note = this.#database.get(
      `SELECT note FROM ${this.#kind} WHERE id = ?`,
      (row) => text(row, 'note'),
      id,
    );
    return note ?? '';
  }

  /** A tag that is there already stays. @throws bad-argument for one that is empty, too long or of several lines */
  tag(id: number, tag: string): void {
    this.#database.run(
      `INSERT INTO ${this.#kind}_tag (${this.#kind}_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING`,
      id,
      checkTag(tag),
    );
  }

  untag(id: number, tag: string): void {
    this.#database.run(
      `DELETE FROM ${this.#kind}_tag WHERE ${this.#kind}_id = ? AND tag = ?`,
      id,
      tag.trim(),
    );
  }

  /** Replaces the note; an empty text takes it away. */
  annotate(id: number, note: string): void {
    this.#database.run(`UPDATE ${this.#kind} SET note = ? WHERE id = ?`, note, id);
  }
}

function checkTag(tag: string): string {
  const trimmed = tag.trim();
  if (trimmed !== '' && trimmed.length <= longestTag && !/[\n\r]/.test(trimmed)) return trimmed;
  throw problem(
    'bad-argument',
    `A tag is one line of 1 to ${longestTag} characters, got ${JSON.stringify(tag.slice(0, longestTag + 20))}.`,
  );
}
