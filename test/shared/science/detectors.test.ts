import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LevelDetector, SlopeDetector } from '#shared/science/detector.ts';
import { fireEpoch, levelFire, slopeFire, slopes } from '#shared/science/detectors.ts';

const reference = new URL('../../fixtures/reference/', import.meta.url);

/** A column of a PyTorch log, index = epoch; NaN where the log has none (Python writes it as a bare NaN). */
function column(log: string, name: string): Float64Array {
  const lines = gunzipSync(readFileSync(new URL(`${log}.jsonl.gz`, reference)))
    .toString('utf8')
    .trim()
    .split('\n');
  return Float64Array.from(lines, (line) => {
    const row: Record<string, number | null> = JSON.parse(line.replaceAll('NaN', 'null'));
    return row[name] ?? NaN;
  });
}

const lockIn: SlopeDetector = {
  kind: 'slope',
  series: 'spectrum.W.ratio23',
  lag: 25,
  threshold: 0.04,
  from: 100,
  direction: 'rising',
};
const level = (threshold: number, from = 0): LevelDetector => ({
  kind: 'level',
  series: 'any',
  threshold,
  from,
  direction: 'rising',
});
const slope = (changes: Partial<SlopeDetector>): SlopeDetector => ({ ...lockIn, ...changes });
const exponential = (rate: (t: number) => number, length: number): Float64Array => {
  let logarithm = 0;
  return Float64Array.from({ length }, (_, t) => Math.exp((logarithm += rate(t))));
};

describe('on the reference run of the headline, seed 0', () => {
  // Oracle: the epochs the study's own script found in these logs.
  it('finds t50 101, t99 139, rho at 18 and the lock-in at 173', () => {
    const accuracy = column('g0', 'test_acc');
    expect(fireEpoch(level(0.5), accuracy)).toBe(101);
    expect(fireEpoch(level(0.99), accuracy)).toBe(139);
    expect(fireEpoch(level(0.075), column('g0', 'fft_dist_from_ideal'))).toBe(18);
    expect(fireEpoch(lockIn, column('g0', 'W_gap23'))).toBe(173);
  });

  it('lies where the published medians of 15 seeds lie', () => {
    const { headline } = JSON.parse(readFileSync(new URL('published.json', reference), 'utf8'));
    const accuracy = column('g0', 'test_acc');
    const [low, high] = headline.slopeFire.grokking.iqr;
    const fired = fireEpoch(lockIn, column('g0', 'W_gap23'));
    expect(fired).toBeGreaterThanOrEqual(low);
    expect(fired).toBeLessThanOrEqual(high);
    const [lowHalf, highHalf] = headline.testAccuracyHalf.iqr;
    expect(fireEpoch(level(0.5), accuracy)).toBeGreaterThanOrEqual(lowHalf);
    expect(fireEpoch(level(0.5), accuracy)).toBeLessThanOrEqual(highHalf);
    const [lowLag, highLag] = headline.lagBehindTest99.iqr;
    const lag = (fired ?? NaN) - (fireEpoch(level(0.99), accuracy) ?? NaN);
    expect(lag).toBeGreaterThanOrEqual(lowLag);
    expect(lag).toBeLessThanOrEqual(highLag);
  });

  it('finds nothing in the control, whose rho stays below 0.065 as published', () => {
    expect(fireEpoch(lockIn, column('c0', 'W_gap23'))).toBeNull();
    expect(fireEpoch(level(0.5), column('c0', 'test_acc'))).toBeNull();
    const rho = column('c0', 'fft_dist_from_ideal');
    expect(fireEpoch(level(0.065), rho)).toBeNull();
    expect(fireEpoch(level(0.05), rho)).toBe(0);
  });
});

describe('slopes', () => {
  it('are the rate of an exponential, and NaN before the lag', () => {
    const measured = slopes(
      exponential(() => 0.03, 60),
      25,
    );
    expect([...measured.subarray(0, 25)].every(Number.isNaN)).toBe(true);
    for (const s of measured.subarray(25)) expect(s).toBeCloseTo(0.03, 12);
  });

  it('take ratios below 1e-6, zero and negative ones too, as 1e-6', () => {
    expect([...slopes(Float64Array.of(0, 1e-6, -4, 1e-9), 1).subarray(1)]).toEqual([0, 0, 0]);
    expect(slopes(Float64Array.of(0, 1), 1)[1]).toBeCloseTo(6 * Math.LN10, 12);
  });

  it('do not take a missing ratio for a small one', () => {
    const measured = slopes(Float64Array.of(1, NaN, 1, 1), 1);
    expect([...measured]).toEqual([NaN, NaN, NaN, 0]);
  });

  it.each([0, -1, 2.5, NaN])('refuse lag %d and show it', (lag) => {
    expect(() => slopes(Float64Array.of(1, 2), lag)).toThrow(`got ${lag}`);
  });
});

describe('slopeFire', () => {
  it('fires at the first epoch past the threshold: 25 (1 - 0.04/0.08) epochs into a steeper stretch', () => {
    // Flat until 150, then rate 0.08: s(t) = 0.08 (t - 150) / 25 passes 0.04 after t = 162.5.
    const values = exponential((t) => (t > 150 ? 0.08 : 0), 300);
    expect(slopeFire(lockIn, values)).toBe(163);
  });

  it('wants more than the threshold, not as much', () => {
    // Powers of two: ln 2 over one epoch, exactly.
    const doubling = Float64Array.from({ length: 20 }, (_, t) => (t < 10 ? 1 : 2));
    expect(slopeFire(slope({ lag: 1, from: 0, threshold: Math.LN2 }), doubling)).toBeNull();
    expect(slopeFire(slope({ lag: 1, from: 0, threshold: 0.69 }), doubling)).toBe(10);
  });

  it('never fires before `from`, nor before the lag', () => {
    const steep = exponential(() => 0.1, 200);
    expect(slopeFire(lockIn, steep)).toBe(100);
    expect(slopeFire(slope({ from: 130 }), steep)).toBe(130);
    expect(slopeFire(slope({ from: 0 }), steep)).toBe(25);
    expect(slopeFire(slope({ lag: 200 }), steep)).toBeNull();
  });

  it('does not fire on a gap of NaN, wherever it lies', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(299), { maxLength: 100 }), (gaps) => {
        const flat = new Float64Array(300).fill(3);
        for (const t of gaps) flat[t] = NaN;
        expect(slopeFire(slope({ from: 0 }), flat)).toBeNull();
      }),
      { seed: 1 },
    );
  });
});

describe('levelFire', () => {
  it('fires when the threshold is reached, at the first such epoch', () => {
    expect(levelFire(level(0.5), Float64Array.of(0.1, 0.49, 0.5, 0.2, 0.9))).toBe(2);
    expect(levelFire(level(0.5, 3), Float64Array.of(0.1, 0.49, 0.5, 0.2, 0.9))).toBe(4);
    expect(levelFire(level(0.91), Float64Array.of(0.1, 0.49, 0.5, 0.2, 0.9))).toBeNull();
  });

  it('passes over NaN', () => {
    expect(levelFire(level(0.5), Float64Array.of(NaN, NaN, 0.7))).toBe(2);
    expect(levelFire(level(-Infinity), Float64Array.of(NaN, NaN))).toBeNull();
  });
});

describe('a falling detector', () => {
  // Oracle: the mirror image. What falls through a level is what, negated, rises through the negated level.
  it('fires where the mirrored series would make a rising one fire', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { maxLength: 40 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (values, threshold) => {
          const falling: LevelDetector = { ...level(threshold), direction: 'falling' };
          const mirrored = Float64Array.from(values, (value) => -value);
          expect(fireEpoch(falling, Float64Array.from(values))).toBe(fireEpoch(level(-threshold), mirrored));
        },
      ),
      { seed: 4 },
    );
  });

  it('fires at a decay faster than its threshold, and not at a rise', () => {
    const decays = exponential((t) => (t < 150 ? 0 : -0.051), 300);
    const falling = slope({ direction: 'falling' });
    // ln falls by 0.051 an epoch from 150 on, so over 25 epochs by more than 0.04 an epoch after 20 of them.
    expect(fireEpoch(falling, decays)).toBe(169);
    expect(fireEpoch(slope({}), decays)).toBeNull();
    expect(
      fireEpoch(
        falling,
        exponential(() => 0.05, 300),
      ),
    ).toBeNull();
  });
});
