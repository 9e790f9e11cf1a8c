import type { Condition } from '#shared/models/study.ts';
import { settingRows } from './setting-rows.ts';
import type { SettingRow } from './setting-rows.ts';

export interface ConditionRows {
  readonly name: string;
  /** `differs` where another condition has another value, or none. */
  readonly rows: readonly (SettingRow & { readonly differs: boolean })[];
}

/** Each condition's settings, those in which conditions differ marked. */
export function conditionRows(conditions: readonly Condition[]): readonly ConditionRows[] {
  const all = conditions.map(({ name, settings }) => ({ name, rows: settingRows(settings) }));
  const values = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  for (const { path, value } of all.flatMap(({ rows }) => rows)) {
    values.set(path, (values.get(path) ?? new Set()).add(value));
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return all.map(({ name, rows }) => ({
    name,
    rows: rows.map((row) => ({
      ...row,
      differs: values.get(row.path)?.size !== 1 || counts.get(row.path) !== all.length,
    })),
  }));
}
