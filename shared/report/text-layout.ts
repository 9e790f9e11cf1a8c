import type { Table, TableColumn } from './table.ts';
import { cutText, padText, textWidth } from './text-width.ts';

const gap = 2;
/** No text is squeezed below this, even if the table then runs over. */
const narrowest = 10;

/** Words into lines of at most `width` columns; a longer word is cut. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    for (let start = cutText(word, width); start !== word; start = cutText(word, width)) {
      lines.push(start);
      word = word.slice(start.length);
    }
    line = word;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** A table as lines: the headings (groups, when there are any, then titles) and the body. */
export interface TableLines {
  readonly heading: readonly string[];
  readonly body: readonly string[];
}

/**
 * Columns as wide as their cells; where that exceeds `width`, titles and text are wrapped. A first cell that repeats
 * the one above is left out, so that a condition reads as the heading of its rows.
 */
export function layoutTable(table: Table, width: number): TableLines {
  const { columns, rows } = table;
  const widths = fitWidths(table, width);
  const titles = columns.map((column, c) => wrapText(column.title, widths[c]));
  const height = Math.max(...titles.map((lines) => lines.length));
  // Titles stand on the table: a short one beside a wrapped one is moved down.
  const raised = titles.map((lines) => [
    ...Array.from({ length: height - lines.length }, () => ''),
    ...lines,
  ]);
  const body = rows.flatMap((row, index) => {
    const repeats = columns.length > 1 && row[0] === rows[index - 1]?.[0];
    const cells = repeats ? ['', ...row.slice(1)] : row;
    return layoutRow(
      cells.map((cell, c) => (columns[c].align === 'left' ? wrapText(cell, widths[c]) : [cell])),
      columns,
      widths,
    );
  });
  return { heading: [...groupLine(columns, widths), ...layoutRow(raised, columns, widths)], body };
}

function fitWidths({ columns, rows }: Table, width: number): number[] {
  const cells = columns.map((_, c) => Math.max(...rows.map((row) => textWidth(row[c]))));
  const widths = columns.map((column, c) => Math.max(column.title.length, cells[c]));
  // Numbers are never wrapped; titles are, between words; text is, down to `narrowest`.
  const least = columns.map((column, c) => {
    const word = Math.max(...column.title.split(' ').map((part) => part.length));
    return Math.max(word, column.align === 'left' ? Math.min(cells[c], narrowest) : cells[c]);
  });
  widenForGroups(columns, widths);
  widenForGroups(columns, least);
  let excess = spanWidth(widths, 0, widths.length - 1) - width;
  while (excess > 0) {
    const slack = widths.map((columnWidth, c) => columnWidth - least[c]);
    const widest = slack.indexOf(Math.max(...slack));
    if (slack[widest] <= 0) break;
    widths[widest] -= 1;
    excess -= 1;
  }
  return widths;
}

/** A group's heading must fit over its columns: the first of them takes what is missing. */
function widenForGroups(columns: readonly TableColumn[], widths: number[]): void {
  for (const { name, start, end } of groupSpans(columns)) {
    widths[start] += Math.max(0, name.length - spanWidth(widths, start, end));
  }
}

interface GroupSpan {
  readonly name: string;
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

function groupSpans(columns: readonly TableColumn[]): GroupSpan[] {
  const spans: GroupSpan[] = [];
  for (let start = 0, end = 0; start < columns.length; start = end + 1) {
    const name = columns[start].group;
    end = start;
    while (columns[end + 1]?.group === name && end + 1 < columns.length) end += 1;
    if (name !== null) spans.push({ name, start, end });
  }
  return spans;
}

function spanWidth(widths: readonly number[], start: number, end: number): number {
  return widths.slice(start, end + 1).reduce((sum, width) => sum + width + gap, -gap);
}

/** Group names flush right over the last of their columns, as the numbers are, with a rule to the first. */
function groupLine(columns: readonly TableColumn[], widths: readonly number[]): string[] {
  const spans = groupSpans(columns);
  if (spans.length === 0) return [];
  let line = '';
  for (const { name, start, end } of spans) {
    const from = start === 0 ? 0 : spanWidth(widths, 0, start - 1) + gap;
    const width = spanWidth(widths, start, end);
    const dashes = '─'.repeat(Math.max(0, width - name.length - 1));
    line = line.padEnd(from) + (dashes === '' ? name.padStart(width) : `${dashes} ${name}`);
  }
  return [line];
}

/** Cells of one or more lines each, side by side. */
function layoutRow(
  cells: readonly (readonly string[])[],
  columns: readonly TableColumn[],
  widths: readonly number[],
): string[] {
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, l) =>
    cells
      .map((lines, c) => {
        const text = lines[l] ?? '';
        return columns[c].align === 'left' ? padText(text, widths[c]) : text.padStart(widths[c]);
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}
