import { describe, expect, it } from 'vitest';
import { SeriesBook } from '../../../src-renderer/stores/series-book.ts';
import { labWith } from './lab-with-series.ts';

describe('the book of series', () => {
  it('fetches what is wanted, once', async () => {
    const { client, asked } = labWith({ 1: { a: [1, 2, 3], b: [4, 5, 6] }, 2: { a: [7] } });
    const book = new SeriesBook(client);
    book.want(['a']);
    book.touch(1, 3, 3);
    book.touch(2, 1, 1);
    expect(await book.refresh()).toBe(true);
    expect(await book.refresh()).toBe(false);
    expect([...(book.get(1, 'a') ?? [])]).toStrictEqual([1, 2, 3]);
    expect([...(book.get(2, 'a') ?? [])]).toStrictEqual([7]);
    expect(book.get(1, 'b')).toBeNull();
    expect(asked).toStrictEqual([{ runIds: [1, 2], name: 'a', first: 0 }]);
  });

  it('asks only for the rows that are new, and not again for a run that begins', async () => {
    const lab = { 1: { a: [1, 2, 3] }, 2: { a: [9] } };
    const { client, asked } = labWith(lab);
    const book = new SeriesBook(client);
    book.want(['a']);
    book.touch(1, 3, 3);
    await book.refresh();
    lab[1].a.push(4, 5);
    book.touch(1, 5, 3);
    book.touch(2, 1, 0);
    await book.refresh();
    expect(asked.slice(1)).toStrictEqual([
      { runIds: [2], name: 'a', first: 0 },
      { runIds: [1], name: 'a', first: 3 },
    ]);
    expect([...(book.get(1, 'a') ?? [])]).toStrictEqual([1, 2, 3, 4, 5]);
  });

  it('takes back rows that are written anew', async () => {
    const lab = { 1: { a: [1, 2, 3] } };
    const { client, asked } = labWith(lab);
    const book = new SeriesBook(client);
    book.want(['a']);
    book.touch(1, 3, 3);
    await book.refresh();
    lab[1].a = [1, 20];
    book.touch(1, 2, 1);
    expect([...(book.get(1, 'a') ?? [])]).toStrictEqual([1]);
    await book.refresh();
    expect([...(book.get(1, 'a') ?? [])]).toStrictEqual([1, 20]);
    expect(asked.at(-1)).toMatchObject({ first: 1 });
  });

  it('does not ask again for a series that a run does not have, until it has more rows', async () => {
    const { client, asked } = labWith({ 1: { a: [1] } });
    const book = new SeriesBook(client);
    book.want(['missing']);
    book.touch(1, 1, 0);
    await book.refresh();
    expect(await book.refresh()).toBe(false);
    book.touch(1, 2, 1);
    expect(await book.refresh()).toBe(true);
    expect(asked).toHaveLength(2);
  });
});
