import type { RunColumnInfo } from '#shared/models/run-table.ts';
import { formatRatio, formatSetting, formatShare } from '#shared/report/format-number.ts';
import { dayText } from './date-text.ts';
import { countText, durationText } from './quantity-text.ts';
import type { CellValue } from './run-columns.ts';

const whole: ReadonlySet<string> = new Set(['id', 'seed', 'rows']);

/** A value as its cell shows it; nothing where there is none. */
export function cellText({ name, kind, group }: RunColumnInfo, value: CellValue): string {
  if (value === null || Number.isNaN(value)) return '';
  if (kind === 'date') return dayText(String(value));
  if (typeof value === 'string') return value;
  if (whole.has(name)) return name === 'rows' ? countText(value) : String(value);
  if (name === 'progress') return `${Math.floor(100 * value)}%`;
  if (name === 'seconds') return durationText(value);
  if (group === 'setting') return formatSetting(value);
  if (name.endsWith('accuracy')) return formatShare(value);
  return Number.isInteger(value) ? String(value) : formatRatio(value);
}

/** How wide a column is, in pixels: wide enough for what it usually holds, and the same whatever is filtered, so that nothing jumps. */
export function columnWidth({ name, kind }: RunColumnInfo): number {
  if (kind === 'number') return Math.max(84, 20 + 7.2 * shortName(name).length);
  if (name === 'study') return 220;
  if (name === 'condition' || kind === 'list' || name === 'note') return 150;
  return Math.max(110, 20 + 7.2 * shortName(name).length);
}

/** Of a setting, its own name: `optimizer.weightDecay` is `weightDecay` in a heading, whole in its title. */
export function shortName(name: string): string {
  return /^(task|split|network|optimizer)\./.test(name) ? name.slice(name.indexOf('.') + 1) : name;
}
