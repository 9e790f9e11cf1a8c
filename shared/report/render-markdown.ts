import { reportDocument } from './report-document.ts';
import type { Report } from './report.ts';
import type { Section, Table } from './table.ts';

/** The report as a GitHub-flavoured Markdown document, every run included, without a last line end. */
export function renderMarkdown(report: Report): string {
  const document = reportDocument(report);
  const blocks = [
    `# ${escapeText(document.title)}`,
    ...document.lead.map(escapeText),
    ...document.sections.flatMap(renderSection),
  ];
  return blocks.join('\n\n');
}

function renderSection(section: Section): string[] {
  return [
    `## ${escapeText(section.title)}`,
    ...(section.table ? [renderTable(section.table)] : []),
    ...(section.notes.length > 0 ? [section.notes.map((note) => `- ${escapeText(note)}`).join('\n')] : []),
    ...(section.explanation === '' ? [] : [escapeText(section.explanation)]),
  ];
}

/** Markdown has one heading row: a group's name goes before its columns' titles. Cells are padded so that the source reads too. */
function renderTable({ columns, rows }: Table): string {
  const titles = columns.map(({ group, title }) => (group === null ? title : `${group}: ${title}`));
  const cells = [titles, ...rows].map((row) => row.map(escapeCell));
  const widths = columns.map((_, c) => Math.max(3, ...cells.map((row) => row[c].length)));
  const rules = columns.map(({ align }, c) =>
    align === 'right' ? `${'-'.repeat(widths[c] - 1)}:` : '-'.repeat(widths[c]),
  );
  const padded = cells.map((row) =>
    row.map((cell, c) => (columns[c].align === 'right' ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))),
  );
  return [padded[0], rules, ...padded.slice(1)].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function escapeCell(text: string): string {
  return escapeInline(text).replaceAll('|', String.raw`\|`);
}

/** A paragraph of its own: what would make it a heading, a list or a quotation is made literal too. */
function escapeText(text: string): string {
  return escapeInline(text)
    .replace(/^([#>+-])/, String.raw`\$1`)
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`);
}

/** What would start emphasis, code, a link or a tag, made literal; an underscore inside a word starts nothing. */
function escapeInline(text: string): string {
  return text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\*`[\]]|<(?=[a-z/!?])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/giu, String.raw`\$&`);
}
