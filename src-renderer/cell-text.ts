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

/** How wide a column is, in pixels, and how wide it becomes where there is room. */
export interface ColumnWidth {
  readonly least: number;
  readonly most: number;
}

/** Wide enough for what a column usually holds, and the same whatever is filtered, so that nothing jumps. */
export function columnWidth({ name, kind }: RunColumnInfo): ColumnWidth {
  const head = 20 + 7.2 * shortName(name).length;
  if (kind === 'number') return always(Math.max(84, head));
  if (name === 'study' || name === 'condition') return { least: 190, most: 380 };
  if (kind === 'list' || name === 'note') return { least: 150, most: 300 };
  return always(Math.max(name === 'state' ? 90 : 110, head));
}

function always(width: number): ColumnWidth {
  return { least: width, most: width };
}

/** Of a setting, its own name: `optimizer.weightDecay` is `weightDecay` in a heading, whole in its title. */
export function shortName(name: string): string {
  return /^(task|split|network|optimizer)\./.test(name) ? name.slice(name.indexOf('.') + 1) : name;
}
