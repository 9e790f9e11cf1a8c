import type { Settings } from '#shared/models/settings.ts';
import type { Condition, Study } from '#shared/models/study.ts';
import { checksum } from './checksum.ts';
import { type Row, DamagedRow, json, text } from './row.ts';
import { settingsSchema, studyModelSchema } from './study-schema.ts';
import { identityOf } from './study-store.ts';

/** What is left of a study: its row or null, and the rows of its conditions, by id. */
export interface StudyRemains {
  readonly id: number;
  readonly row: Row | null;
  readonly conditions: ReadonlyMap<number, Row>;
}

export interface RecoveredStudy {
  readonly model: Omit<Study, 'source'>;
  readonly identity: string;
  /** By id of the condition's row. */
  readonly conditions: ReadonlyMap<number, Condition>;
  /** What could not be kept, a sentence each. */
  readonly lost: readonly string[];
}

/**
 * Puts a study together again. Its model and its condition rows say the same twice, and its identity is a hash of it, so that one
 * damaged place can be told and filled from the other. A study without a readable model is made anew from its conditions.
 * @returns null when neither a model nor any condition is left
 */
export function recoverStudy({ id, row, conditions }: StudyRemains): RecoveredStudy | null {
  const model = row === null ? null : attempt(() => json(text(row, 'model'), 'model', studyModelSchema));
  const rows = [...conditions].map(([conditionId, values]) => ({
    id: conditionId,
    name: attempt(() => text(values, 'name')),
    settings: attempt(() => json(text(values, 'settings'), 'settings', settingsSchema)),
  }));
  if (model === null) return fromConditions(id, row, rows);
  const stored = row?.['identity'];
  const trusted = identityOf(model.conditions) === stored ? model : mended(model, rows, stored);
  const identity = identityOf(trusted.conditions);
  const matched = match(trusted.conditions, rows);
  const sentence = (what: string): string =>
    `Study ${id} ("${model.name}"): ${what} damaged. Compare it with its file.`;
  const lost =
    identity === stored
      ? isTextAsStored(row)
        ? []
        : [sentence('its text, detectors, seeds or late range were')]
      : [sentence('its settings or their hash were')];
  return { model: trusted, identity, conditions: matched, lost };
}

/** Formats before 3 have no checksum, and are believed. */
function isTextAsStored(row: Row | null): boolean {
  if (row === null || !('crc32' in row)) return true;
  return row['crc32'] === attempt(() => checksum(text(row, 'model'), text(row, 'source')));
}

interface ConditionRow {
  readonly id: number;
  readonly name: string | null;
  readonly settings: Settings | null;
}

/** The model with the settings of the condition rows, if that is what was saved; as it is otherwise. */
function mended(
  model: Omit<Study, 'source'>,
  rows: readonly ConditionRow[],
  identity: unknown,
): Omit<Study, 'source'> {
  const conditions = model.conditions.map((condition, index) => {
    const row = rows.find(({ name }) => name === condition.name) ?? rows[index];
    return row?.name && row.settings ? { name: row.name, settings: row.settings } : condition;
  });
  return identityOf(conditions) === identity ? { ...model, conditions } : model;
}

/** By name, else by settings, else the only one that is left. */
function match(conditions: readonly Condition[], rows: readonly ConditionRow[]): Map<number, Condition> {
  const found = new Map<number, Condition>();
  const left = new Set(conditions);
  const take = (row: ConditionRow, condition: Condition | undefined): void => {
    if (condition === undefined || found.has(row.id)) return;
    found.set(row.id, condition);
    left.delete(condition);
  };
  for (const row of rows)
    take(
      row,
      [...left].find(({ name }) => name === row.name),
    );
  for (const row of rows)
    take(
      row,
      [...left].find(({ settings }) => same(row.settings, settings)),
    );
  const unknown = rows.filter(({ id }) => !found.has(id));
  const [condition] = left;
  if (unknown.length === 1 && left.size === 1 && unknown[0]) take(unknown[0], condition);
  return found;
}

function same(a: Settings | null, b: Settings): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function fromConditions(id: number, row: Row | null, rows: readonly ConditionRow[]): RecoveredStudy | null {
  const conditions = new Map<number, Condition>();
  for (const { id: conditionId, name, settings } of rows) {
    if (settings !== null)
      conditions.set(conditionId, { name: name ?? `condition ${conditionId}`, settings });
  }
  const [first] = conditions.values();
  if (first === undefined) return null;
  const name = row === null ? null : attempt(() => text(row, 'name'));
  const model: Omit<Study, 'source'> = {
    name: name ?? `Recovered study ${id}`,
    description: 'Put together by lab repair from its conditions.',
    conditions: [...conditions.values()],
    seeds: [],
    detectors: {},
    intervals: {},
    late: { series: 'test.accuracy', range: [0, first.settings.epochs], separation: null },
    published: null,
  };
  return {
    model,
    identity: identityOf(model.conditions),
    conditions,
    lost: [
      `Study ${id}: its text, detectors and late range are lost. Run it again from its file to set them.`,
    ],
  };
}

export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedRow) return null;
    throw error;
  }
}
