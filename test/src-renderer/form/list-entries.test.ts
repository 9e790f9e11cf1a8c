import { expect, it } from 'vitest';
import { listEntries } from '../../../src-renderer/form/list-entries.ts';

it.each([
  ['W, V', ['W', 'V']],
  ['[W, V]', ['W', 'V']],
  ['[0, 5', ['0', '5']],
  ['0, 5,', ['0', '5']],
  ['grokking layers=[W, V], control', ['grokking layers=[W, V]', 'control']],
  ['grokking, layers=[W, V]', ['grokking', 'layers=[W, V]']],
  ['[a, layers=[W, V]]', ['a', 'layers=[W, V]']],
  ['', []],
])('reads %j as a list of %j', (text, entries) => {
  expect(listEntries(text)).toStrictEqual(entries);
});
