import { describe, expect, it } from 'vitest';
import { readCompareQuery, writeCompareQuery } from '../../src-renderer/compare-query.ts';
import type { ComparedItem } from '../../src-renderer/compare-query.ts';

describe('the address of a comparison', () => {
  it('is read as it was written, whatever the names have in them', () => {
    const items: ComparedItem[] = [
      { kind: 'condition', studyId: 12, condition: 'weightDecay=0.0002 (eta) +x' },
      { kind: 'condition', studyId: 3, condition: 'grokking' },
      { kind: 'run', runId: 7 },
      { kind: 'run', runId: 1 },
    ];
    const read = readCompareQuery(writeCompareQuery(items, ['test.loss']));
    expect(read).toStrictEqual({ items, studies: [], series: ['test.loss'] });
  });

  it('shows what can be read of one that is damaged', () => {
    const read = readCompareQuery({
      runs: ['1,x', '-3,1'],
      conditions: '4:,grokking,5:a',
      studies: '2,2',
      series: null,
    });
    expect(read).toStrictEqual({
      items: [
        { kind: 'condition', studyId: 5, condition: 'a' },
        { kind: 'run', runId: 1 },
      ],
      studies: [2],
      series: [],
    });
  });
});
