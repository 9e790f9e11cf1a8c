import { describe, expect, it } from 'vitest';
import { bytesText, counted, durationText } from '../../src-renderer/quantity-text.ts';
import { settingRows } from '../../src-renderer/setting-rows.ts';
import { settled, viewAfterKey } from '../../src-renderer/figures/zoom-keys.ts';
import type { View } from '../../src-renderer/figures/zoom-keys.ts';

describe('quantities', () => {
  it.each([
    [0, '0 s'],
    [0.2, 'under 1 s'],
    [59.4, '59 s'],
    [59.5, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3599.6, '1 h 00 min'],
    [7825, '2 h 10 min'],
    [-1, '0 s'],
  ])('%d seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text));

  it.each([
    [0, '0 B'],
    [640, '640 B'],
    [999.6, '1.0 kB'],
    [1_300_000, '1.3 MB'],
    [9_960_000, '10 MB'],
    [4.4e15, '4400 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

  it('are counted with their noun', () => {
    expect([1, 2, 88_210].map((count) => counted(count, 'run'))).toStrictEqual([
      '1 run',
      '2 runs',
      '88,210 runs',
    ]);
  });
});

it('settings are listed at the path of the study file, without what is not there', () => {
  expect(
    settingRows({
      task: { kind: 'modular-addition', modulus: 31 },
      epochs: 5,
      probes: {
        gram: null,
        repulsion: {
          epochs: [0, 5],
          ridges: [{ name: 'effective', value: 0.14400000000000002, borrowedFrom: null }],
        },
      },
    }),
  ).toStrictEqual([
    { path: 'task.kind', value: 'modular-addition' },
    { path: 'task.modulus', value: '31' },
    { path: 'epochs', value: '5' },
    { path: 'probes.repulsion.epochs', value: '0, 5' },
    { path: 'probes.repulsion.ridges', value: 'effective 0.144' },
  ]);
});

// Of 0..220. The keys are those of the chart's label.
describe('a key at a chart', () => {
  it.each<[string, View | null, View | null]>([
    ['+', null, [55, 165]],
    ['-', [55, 165], null],
    ['ArrowRight', [0, 100], [25, 125]],
    ['ArrowRight', [120, 220], [120, 220]],
    ['ArrowLeft', [10, 50], [0, 40]],
    ['0', [3, 9], null],
    ['+', [3, 6], [3, 6]],
  ])('%s at %j shows %j', (key, view, expected) =>
    expect(viewAfterKey(key, view, [0, 220])).toStrictEqual(expected),
  );

  it('is left alone when it is no key of ours', () => {
    expect(viewAfterKey('a', null, [0, 220])).toBeUndefined();
  });
});

it('a dragged range is of whole epochs, and all of them are no zoom', () => {
  expect(settled([10.4, 20.2], [0, 220])).toStrictEqual([10, 21]);
  expect(settled([-3, 400], [0, 220])).toBeNull();
});
