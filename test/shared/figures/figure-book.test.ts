import { describe, expect, it } from 'vitest';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import type { DrawRequest } from '#shared/figures/drawn-figure.ts';
import { FigureBook } from '#shared/figures/figure-book.ts';
import { figureKinds } from '#shared/figures/figure-kinds.ts';
import { bandOf } from '#shared/figures/band.ts';
import { parseStudy } from '#shared/study/parse-study.ts';

const parsed = parseStudy(
  `study: Book
task: { kind: modular-addition, modulus: 5 }
split: { train: 10 }
network: { width: 8 }
optimizer: { learningRate: 0.001, weightDecay: 0.1 }
epochs: 9
seeds: 0..1
conditions: { a: {} }
`,
  'book.yaml',
);
if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
const [kind] = figureKinds({ series: new Set(['test.accuracy']), ridges: [] });

function opened(): FigureBook {
  const book = new FigureBook();
  book.open(parsed.ok ? parsed.study : { conditions: [], detectors: {} }, [
    { id: 1, condition: 'a', seed: 0 },
    { id: 2, condition: 'a', seed: 1 },
  ]);
  return book;
}

function curveOf(book: FigureBook) {
  return book.figure(kind).curves.at(0);
}

// Oracle: the statistics of the same rows, computed at once.
describe('the book of figures', () => {
  it('has the same statistics row by row as at once, whatever order rows come in', () => {
    const book = opened();
    const lines = [Float64Array.from([0, 0.5, 0.25, 1, 0.75]), Float64Array.from([1, NaN, 0.5, 0.5])];
    for (const [from, to] of [
      [0, 2],
      [2, 3],
      [3, 5],
    ]) {
      for (const [index, line] of lines.entries()) {
        const rows = line.slice(from, to);
        if (rows.length > 0) book.setRows(index + 1, 'test.accuracy', from, rows);
        book.figure(kind);
      }
    }
    expect(book.figure(kind).curves[0].band).toStrictEqual(bandOf(lines));
  });

  it('takes back rows that are written anew', () => {
    const book = opened();
    book.setRows(1, 'test.accuracy', 0, Float64Array.from([0, 1, 2, 3]));
    book.figure(kind);
    book.setRows(1, 'test.accuracy', 1, Float64Array.from([10]));
    const [{ band, runs }] = book.figure(kind).curves;
    expect([...runs[0].values]).toStrictEqual([0, 10]);
    expect([...band.median]).toStrictEqual([0, 10]);
  });

  it('makes a figure anew only when something changed', () => {
    const book = opened();
    book.setRows(1, 'test.accuracy', 0, Float64Array.from([0, 1]));
    const figure = book.figure(kind);
    expect(book.figure(kind)).toBe(figure);
    book.setRows(2, 'test.accuracy', 0, Float64Array.from([1]));
    expect(book.figure(kind).curves[0].runs).toHaveLength(2);
  });

  it('gives the same array of a run until rows of it come, and then another', () => {
    const book = opened();
    book.setRows(1, 'test.accuracy', 0, Float64Array.from([0, 1]));
    book.setRows(2, 'test.accuracy', 0, Float64Array.from([1, 1]));
    const [before, other] = curveOf(book)?.runs ?? [];
    book.setScores([]);
    expect(curveOf(book)?.runs[0].values).toBe(before.values);
    book.setRows(1, 'test.accuracy', 1, Float64Array.from([5, 6]));
    const [after, same] = curveOf(book)?.runs ?? [];
    expect([...after.values]).toStrictEqual([0, 5, 6]);
    expect(after.values).not.toBe(before.values);
    expect(same.values).toBe(other.values);
    book.setRows(1, 'test.accuracy', 1, Float64Array.from([7, 8]));
    expect(curveOf(book)?.runs[0].values).not.toBe(after.values);
  });

  it('keeps conditions apart: rows of one change the statistics of that one, and of no other', () => {
    const book = new FigureBook();
    const [condition] = parsed.ok ? parsed.study.conditions : [];
    const study = { conditions: [condition, { ...condition, name: 'b' }], detectors: {} };
    book.open(study, [
      { id: 1, condition: 'a', seed: 0 },
      { id: 2, condition: 'b', seed: 0 },
    ]);
    book.setRows(1, 'test.accuracy', 0, Float64Array.from([0, 1, 2]));
    book.setRows(2, 'test.accuracy', 0, Float64Array.from([5, 6]));
    const [before] = book.figure(kind).curves;
    book.setRows(2, 'test.accuracy', 1, Float64Array.from([7, 8]));
    const [a, b] = book.figure(kind).curves;
    expect(a.band).toBe(before.band);
    expect(b.band).toStrictEqual(bandOf([Float64Array.from([5, 7, 8])]));
  });

  it('other runs are other statistics, though they are as many', () => {
    const book = opened();
    for (const id of [1, 2, 3]) book.setRows(id, 'test.accuracy', 0, Float64Array.from([id]));
    book.figure(kind);
    book.open(parsed.ok ? parsed.study : { conditions: [], detectors: {} }, [
      { id: 1, condition: 'a', seed: 0 },
      { id: 3, condition: 'a', seed: 2 },
    ]);
    expect([...book.figure(kind).curves[0].band.median]).toStrictEqual([2]);
  });

  describe('given bands', () => {
    const lines = [Float64Array.from([0, 0.5, 0.25, 1]), Float64Array.from([1, NaN, 0.5, 0.5])];
    /** Of nothing that the lines hold, so that it shows which are drawn. */
    const told = bandOf([Float64Array.from([9, 8, 7, 6])]);
    const given = (rows: readonly number[]) => [
      { condition: 'a', runs: rows.map((count, index) => ({ id: index + 1, rows: count })), ...told },
    ];

    it('are drawn until every run they are of is there, and say of how many they are', () => {
      const book = opened();
      book.setBands('test.accuracy', given([4, 4]));
      expect(curveOf(book)).toMatchObject({ n: 2, runs: [] });
      expect(curveOf(book)?.band).toStrictEqual(told);
      book.setRows(1, 'test.accuracy', 0, lines[0]);
      expect(curveOf(book)).toMatchObject({ n: 2, runs: [] });
      book.setRows(2, 'test.accuracy', 0, lines[1]);
      expect(curveOf(book)?.runs.map(({ values }) => [...values])).toStrictEqual(
        lines.map((line) => [...line]),
      );
      expect(curveOf(book)?.n).toBeUndefined();
      // Of the same rows: not computed again.
      expect(curveOf(book)?.band).toStrictEqual(told);
    });

    it('are computed on from where they end, when rows came meanwhile', () => {
      const book = opened();
      book.setBands('test.accuracy', given([3, 4]));
      for (const [index, line] of lines.entries()) book.setRows(index + 1, 'test.accuracy', 0, line);
      const own = bandOf(lines);
      expect([...(curveOf(book)?.band.median ?? [])]).toStrictEqual([9, 8, 7, own.median[3]]);
      book.setRows(1, 'test.accuracy', 1, Float64Array.from([0.5, 0.25, 1]));
      expect([...(curveOf(book)?.band.median ?? [])]).toStrictEqual([9, ...own.median.subarray(1)]);
    });

    it('count for nothing where a run has fewer rows, is another, or began anew', () => {
      const shorter = opened();
      shorter.setBands('test.accuracy', given([4, 5]));
      const more = opened();
      more.setBands('test.accuracy', given([4]));
      const lost = opened();
      lost.setBands('test.accuracy', given([4, 4]));
      lost.dropBands('a');
      expect(curveOf(lost)).toBeUndefined();
      for (const book of [shorter, more, lost]) {
        for (const [index, line] of lines.entries()) book.setRows(index + 1, 'test.accuracy', 0, line);
        expect(curveOf(book)?.band).toStrictEqual(bandOf(lines));
      }
    });

    it('are forgotten with the runs they are of', () => {
      const book = opened();
      book.setBands('test.accuracy', given([4, 4]));
      book.open(parsed.ok ? parsed.study : { conditions: [], detectors: {} }, [
        { id: 1, condition: 'a', seed: 0 },
      ]);
      expect(curveOf(book)).toBeUndefined();
    });

    it('are drawn as those of rows are, quartiles and legend too', () => {
      const book = opened();
      book.setBands('test.accuracy', [
        { condition: 'a', runs: [1, 2].map((id) => ({ id, rows: 4 })), ...bandOf(lines) },
      ]);
      const request: DrawRequest = {
        width: 100,
        height: 100,
        theme: 'light',
        xScale: 'linear',
        yScale: 'linear',
        view: null,
        hiddenConditions: new Set(),
        hiddenRuns: new Set(),
        singleRuns: false,
        mostPoints: Infinity,
      };
      const early = drawFigure(book.figure(kind), request);
      for (const [index, line] of lines.entries()) book.setRows(index + 1, 'test.accuracy', 0, line);
      expect(early).toStrictEqual(drawFigure(book.figure(kind), request));
      expect(early.curves[0].quartiles.length).toBeGreaterThan(0);
    });
  });
});
