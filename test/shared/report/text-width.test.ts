import { expect, test } from 'vitest';
import { tableOf, numberColumn, textColumn } from '#shared/report/table.ts';
import { layoutTable, wrapText } from '#shared/report/text-layout.ts';
import { cutText, padText, textWidth } from '#shared/report/text-width.ts';
import { activeLines } from '#main/hosts/cli/progress-lines.ts';

// Oracle: Unicode's East Asian Width (W and F take two columns, combining marks none).
test.each([
  ['decay', 5],
  ['日本語', 6],
  ['カナ한국', 8],
  ['e\u0301te\u0301', 3],
  ['ﬁ eta=ä', 7],
  ['！', 2],
])('%j takes %d columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('is cut between letters, and padded to columns', () => {
  expect(cutText('日本語', 5)).toBe('日本');
  expect(cutText('日本語', 1)).toBe('日');
  expect(padText('日本', 6)).toBe('日本  ');
  expect(wrapText('日本語の条件', 6)).toEqual(['日本語', 'の条件']);
});

test('columns of a report and lines of progress stay under each other whatever letters a condition has', () => {
  const table = tableOf(
    [textColumn<string>('condition', (name) => name), numberColumn<string>('n', () => '5')],
    ['日本語の条件', 'decay'],
  );
  if (!table) throw new Error('a table with rows');
  const { body } = layoutTable(table, 80);
  expect(new Set(body.map(textWidth)).size).toBe(1);
  const run = { seed: 0, epoch: 5, epochs: 10, testAccuracy: 0.5, phase: 'repulsion at epoch 5' };
  const lines = activeLines(
    ['日本語の条件日本語の条件日本語の条件', 'decay'].map((condition) => ({ ...run, condition })),
    70,
  );
  expect(new Set(lines.map((line) => textWidth(line.slice(0, line.indexOf('seed'))))).size).toBe(1);
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(70);
});
