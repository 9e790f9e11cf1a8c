import type { Settings } from '#shared/models/settings.ts';
import type { SettingRow } from './setting-rows.ts';
import { settingRows } from './setting-rows.ts';

export interface SettingDifferences {
  /** Settings in which conditions differ, with each condition's value; null where it has none. */
  readonly differing: readonly { readonly path: string; readonly values: readonly (string | null)[] }[];
  /** What all conditions share. */
  readonly shared: readonly SettingRow[];
}

/** The settings of several conditions, those that differ apart from those that do not, in the order of a study file. */
export function settingDifferences(conditions: readonly Settings[]): SettingDifferences {
  const tables = conditions.map(
    (settings) => new Map(settingRows(settings).map(({ path, value }) => [path, value])),
  );
  const paths = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  const rows = paths.map((path) => ({ path, values: tables.map((table) => table.get(path) ?? null) }));
  return {
    differing: rows.filter(({ values }) => values.some((value) => value !== values[0])),
    shared: rows.flatMap(({ path, values: [value, ...others] }) =>
      value !== null && others.every((other) => other === value) ? [{ path, value }] : [],
    ),
  };
}
