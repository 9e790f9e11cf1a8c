import { formatSetting } from '#shared/report/format-number.ts';

export interface SettingRow {
  readonly path: string;
  readonly value: string;
}

/** A run's settings as lines, each value at the path a study file has it at; what is not there (null) is left out. */
export function settingRows(settings: object): SettingRow[] {
  const rows: SettingRow[] = [];
  const walk = (node: unknown, path: string): void => {
    if (node === null || node === undefined) return;
    if (Array.isArray(node)) rows.push({ path, value: node.map(entryText).join(', ') });
    else if (typeof node === 'object')
      for (const [key, child] of Object.entries(node)) walk(child, path === '' ? key : `${path}.${key}`);
    else rows.push({ path, value: String(node) });
  };
  walk(settings, '');
  return rows;
}

/** Entries of lists are numbers and names, or things with a name and a number (a ridge). */
function entryText(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return String(entry);
  if ('name' in entry && 'value' in entry)
    return `${String(entry.name)} ${formatSetting(Number(entry.value))}`;
  return JSON.stringify(entry);
}
