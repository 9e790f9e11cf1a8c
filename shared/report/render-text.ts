import { reportDocument } from './report-document.ts';
import type { Report } from './report.ts';
import type { Section } from './table.ts';
import { layoutTable, wrapText } from './text-layout.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

/** Longer lines of prose are hard to read, however wide the terminal. */
const proseWidth = 100;
const indent = '  ';

/** The report for a terminal, without a last line end. Colour only sets titles apart from numbers and sentences. */
export function renderText(report: Report, { width, color }: TextOptions): string {
  const document = reportDocument(report);
  const style = color ? ansi : plain;
  const prose = Math.max(20, Math.min(width, proseWidth));
  const head = [style.title(document.title), ...document.lead.flatMap((line) => wrapText(line, prose))];
  const sections = document.sections
    .filter((section) => !section.detail)
    .map((section) => renderSection(section, width, prose, style));
  return [head, ...sections].map((lines) => lines.join('\n')).join('\n\n');
}

function renderSection(section: Section, width: number, prose: number, style: Style): string[] {
  const table = section.table ? layoutTable(section.table, width - indent.length) : null;
  const notes = section.notes.flatMap((note) =>
    wrapText(note, prose - indent.length).map((line, index) => (index === 0 ? line : indent + line)),
  );
  const explanation = section.explanation === '' ? [] : wrapText(section.explanation, prose - indent.length);
  return [
    style.title(section.title),
    ...(table?.heading ?? []).map((line) => style.quiet(indent + line)),
    ...(table?.body ?? []).map((line) => indent + line),
    ...(table && notes.length + explanation.length > 0 ? [''] : []),
    ...notes.map((line) => indent + line),
    ...explanation.map((line) => style.quiet(indent + line)),
  ];
}

interface Style {
  title(text: string): string;
  quiet(text: string): string;
}

const plain: Style = { title: (text) => text, quiet: (text) => text };
const ansi: Style = {
  title: (text) => `\u001B[1m${text}\u001B[22m`,
  quiet: (text) => `\u001B[2m${text}\u001B[22m`,
};
