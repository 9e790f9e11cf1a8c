import { expect, it } from 'vitest';
import { commaSeparated, rowsOfTable, tabSeparated } from '../../src-renderer/table-text.ts';

const rows = [
  ['', 'Tiny: grokking', 'a "b", c'],
  ['optimizer.weightDecay', 0.0001234567890123, null],
  ['late value', '309', '\u2013'],
  ['lock-in', '5/5', '159 [157, 160], 4 of 5 fired'],
  ['published', '-', false],
];

it('a table is copied as a spreadsheet copies: numbers whole, what is absent empty', () => {
  expect(
    tabSeparated(rows)
      .split('\n')
      .map((line) => line.split('\t')),
  ).toStrictEqual([
    ['', 'Tiny: grokking', '"a ""b"", c"'],
    ['optimizer.weightDecay', '0.0001234567890123', ''],
    ['late value', '309', ''],
    ['lock-in', '5 of 5', '159 [157, 160], 4 of 5 fired'],
    ['published', '', 'false'],
  ]);
});

it('a cell never breaks into two', () => {
  expect(tabSeparated([['one\ttwo', 'three\nfour']])).toBe('"one\ttwo"\t"three\nfour"');
  expect(commaSeparated([['one,two', 'three\nfour', 'five\tsix']])).toBe(
    '"one,two","three\nfour",five\tsix\n',
  );
});

it('a table is saved as CSV of the same cells', () => {
  expect(commaSeparated(rows)).toBe(
    ',Tiny: grokking,"a ""b"", c"\noptimizer.weightDecay,0.0001234567890123,\nlate value,309,\n' +
      'lock-in,5 of 5,"159 [157, 160], 4 of 5 fired"\npublished,,false\n',
  );
});

it('only what is nothing but a share is written out: other slashes are left', () => {
  expect(commaSeparated([['5/5', 'sigma2/sigma3', '1/2/3', '-1', '-']])).toBe(
    '5 of 5,sigma2/sigma3,1/2/3,-1,\n',
  );
});

it('columns of a report say which group they are of', () => {
  const table = {
    columns: [
      { title: 'condition', group: null, align: 'left' as const },
      { title: 'median', group: 'measured', align: 'right' as const },
      { title: 'median', group: 'published', align: 'right' as const },
    ],
    rows: [['grokking', '159', '-']],
  };
  expect(commaSeparated(rowsOfTable(table))).toBe(
    'condition,measured median,published median\ngrokking,159,\n',
  );
});
