import { describe, expect, it } from 'vitest';

import { RowRate } from '#main/core/row-rate.ts';

/** Adds a sample every 100 ms of `seconds`, rows growing by `perSecond`. */
function feed(rate: RowRate, from: { time: number; rows: number }, seconds: number, perSecond: number) {
  const to = { ...from };
  for (let step = 0; step < seconds * 10; step++) {
    to.time += 100;
    to.rows += perSecond / 10;
    rate.add(to.time, to.rows);
  }
  return to;
}

describe('the rate of rows', () => {
  it('is unknown before the first second of rows', () => {
    const rate = new RowRate();
    expect(rate.perSecond()).toBeNull();
    rate.add(0, 0);
    rate.add(400, 20);
    expect(rate.perSecond()).toBeNull();
  });

  it('does not count the time before the first row', () => {
    const rate = new RowRate();
    feed(rate, feed(rate, { time: 0, rows: 0 }, 30, 0), 10, 20);
    expect(rate.perSecond()).toBeCloseTo(20, 0);
  });

  it('does not take rows that were there at the start for speed', () => {
    const rate = new RowRate();
    feed(rate, { time: 0, rows: 5000 }, 10, 20);
    expect(rate.perSecond()).toBeCloseTo(20, 9);
  });

  it('follows a change within its two minutes', () => {
    const rate = new RowRate();
    feed(rate, feed(rate, { time: 0, rows: 0 }, 600, 10), 121, 40);
    expect(rate.perSecond()).toBeCloseTo(40, 0);
  });

  it('sinks slowly while only probes run, and never becomes 0', () => {
    const rate = new RowRate();
    const stalled = feed(rate, { time: 0, rows: 0 }, 200, 20);
    const resumed = feed(rate, stalled, 20, 0);
    expect(rate.perSecond()).toBeCloseTo((20 * 100) / 120, 0);
    feed(rate, resumed, 600, 0);
    expect(rate.perSecond()).toBeGreaterThan(0);
  });

  it('starts over when a run is taken back to its snapshot', () => {
    const rate = new RowRate();
    const before = feed(rate, { time: 0, rows: 0 }, 10, 20);
    feed(rate, { time: before.time, rows: before.rows - 100 }, 10, 20);
    expect(rate.perSecond()).toBeCloseTo(20, 9);
  });
});
