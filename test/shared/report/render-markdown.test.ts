import { format } from 'prettier';
import { describe, expect, it } from 'vitest';

import { buildReport } from '#shared/report/build-report.ts';
import { renderMarkdown } from '#shared/report/render-markdown.ts';

import { referenceRun } from './reference-run.ts';
import { sampleCondition, samplePublished, sampleRepulsion, sampleRun, sampleStudy } from './sample-study.ts';

const runs = [
  { ...referenceRun('g0', 'grokking'), repulsion: [sampleRepulsion({ epoch: 50, opposite: 0.9 })] },
  referenceRun('c0', 'control'),
];
const markdown = renderMarkdown(buildReport(sampleStudy({ published: samplePublished() }), runs));

/** The cells of the rows of every table, GitHub's escapes undone. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -2)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll(String.raw`\|`, '|')),
    );
}

describe('the Markdown report', () => {
  it('has the numbers of the text report, with the condition in every row', () => {
    expect(rows(markdown)).toContainEqual('grokking lock-in 1/1 173 - 15/15 174 173..174 -1'.split(' '));
    expect(rows(markdown)).toContainEqual('grokking half 1/1 101 - - 102 99..102 -1'.split(' '));
  });

  it('lists every run with what its detectors said', () => {
    expect(rows(markdown)).toContainEqual('grokking 0 finished 173 18 101 139 156 1.000'.split(' '));
  });

  it('has as many cells in a row as in its heading', () => {
    for (const table of markdown.split('\n\n').filter((block) => block.startsWith('| '))) {
      expect(new Set(rows(table).map((row) => row.length)).size).toBe(1);
    }
  });

  it('is what Prettier would write, so that it can be committed as it is', async () => {
    expect(await format(markdown, { parser: 'markdown', printWidth: 110 })).toBe(`${markdown}\n`);
  });

  it('takes names and reasons literally', () => {
    const name = 'a|b *c* <script>';
    const report = buildReport(
      sampleStudy({ name: '# x', description: '- [y](z)\n\n# q', conditions: [sampleCondition(name, 0, 9)] }),
      [sampleRun({}, { condition: name, state: 'failed', problem: 'one\ntwo | three' })],
    );
    const text = renderMarkdown(report);
    expect(text).toContain(String.raw`# \# x`);
    expect(text).toContain(String.raw`\- \[y\](z) # q`);
    expect(text).toContain(String.raw`| a\|b \*c\* \<script>`);
    expect(rows(text).map((row) => row.at(-1))).toContain('one two | three');
  });
});
