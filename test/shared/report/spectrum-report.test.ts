import { describe, expect, it } from 'vitest';

import type { Condition } from '#shared/models/study.ts';
import { buildReport } from '#shared/report/build-report.ts';
import { renderText } from '#shared/report/render-text.ts';
import { reportSmoothness, reportSpectrum } from '#shared/report/spectrum-report.ts';

import { sampleCondition, sampleRun, sampleStudy } from './sample-study.ts';

const condition = sampleCondition('grokking', 0.0002, 400);

function spectrum(sigma3: (epoch: number) => number) {
  return sampleRun({
    'spectrum.W.sigma1': (t) => (t < 2 ? NaN : 1),
    'spectrum.W.sigma2': () => 1e-3,
    'spectrum.W.sigma3': (t) => (t < 3 ? NaN : sigma3(t)),
  });
}

describe('the rounding floor', () => {
  it('is the share of measured epochs with sigma3 < 1e-7 sigma1, in all and in the late range', () => {
    // Epochs 301..400 of the 398 that have a sigma3; 100 of the 201 late ones.
    const report = reportSpectrum(condition, [spectrum((t) => (t > 300 ? 0.99e-7 : 1.01e-7))], [200, 400]);
    expect(report?.floorShare).toBeCloseTo(100 / 398, 12);
    expect(report?.lateFloorShare).toBeCloseTo(100 / 201, 12);
  });

  it('is the median over runs', () => {
    const runs = [0, 0, 1].map((share) => spectrum(() => (share === 1 ? 1e-9 : 1)));
    expect(reportSpectrum(condition, runs, [200, 400])).toMatchObject({ n: 3, floorShare: 0 });
  });
});

describe('the peak of sigma2/sigma3', () => {
  it('ignores a larger ratio below the floor and one before the window is full', () => {
    const special = new Map([
      [10, 2e-7],
      [230, 1e-6],
      [350, 0.5e-7],
    ]);
    const run = spectrum((t) => special.get(t) ?? 1e-4);
    const peak = reportSpectrum(condition, [run], [200, 400])?.peak;
    expect(peak?.ratio).toBeCloseTo(1000, 9);
    expect(peak?.epoch).toBe(230);
  });

  it('counts the runs whose largest is at their last epoch: what still rises has no peak yet', () => {
    const rising = spectrum((t) => 1 / (t + 1));
    const peaked = spectrum((t) => (t === 230 ? 1e-6 : 1e-4));
    expect(reportSpectrum(condition, [rising, peaked, rising], [200, 400])?.peak).toMatchObject({
      atEnd: 2,
      n: 3,
    });
    const text = renderText(buildReport(sampleStudy(), [rising]), { width: 400, color: false });
    expect(text).toContain('grokking: in 1 of 1 runs the largest is at the last epoch');
    expect(renderText(buildReport(sampleStudy(), [peaked]), { width: 400, color: false })).not.toContain(
      'is no peak',
    );
  });

  it('is absent where every epoch is below the floor', () => {
    expect(reportSpectrum(condition, [spectrum(() => 1e-9)], [200, 400])).toMatchObject({
      floorShare: 1,
      peak: null,
    });
  });
});

const smooth = (offset: number) =>
  sampleRun({
    'spectrum.W.ratio23': (t) => t + offset,
    'spectrum.W.smoothness1': (t) => (t + offset) / 1000,
    'spectrum.W.smoothness2': () => NaN,
  });

describe('smoothness', () => {
  it('is shown early, in the middle and at the end, medians over runs, beside the ratio', () => {
    expect(reportSmoothness(condition, [smooth(0), smooth(10), smooth(2)])).toEqual([
      { layer: 'W', epoch: 50, n: 3, ratio23: 52, overlaps: [0.052, null, null, null] },
      { layer: 'W', epoch: 200, n: 3, ratio23: 202, overlaps: [0.202, null, null, null] },
      { layer: 'W', epoch: 400, n: 3, ratio23: 402, overlaps: [0.402, null, null, null] },
    ]);
  });

  it('stays within a run shorter than 50 epochs', () => {
    const short = sampleCondition('grokking', 0.0002, 30);
    expect(reportSmoothness(short, [smooth(0)]).map((row) => row.epoch)).toEqual([15, 30]);
  });
});

describe('a study that measures V alone', () => {
  const { settings } = condition;
  const ofV: Condition = {
    ...condition,
    settings: { ...settings, probes: { ...settings.probes, spectrum: { window: 20, layers: ['V'] } } },
  };
  const run = sampleRun({
    'spectrum.V.sigma1': () => 1,
    'spectrum.V.sigma2': () => 1e-3,
    'spectrum.V.sigma3': (t) => (t === 230 ? 1e-6 : 1e-4),
    'spectrum.V.ratio23': () => 10,
    'spectrum.V.smoothness1': () => 0.5,
  });

  it('is told of V, and says so', () => {
    expect(reportSmoothness(ofV, [run])[0]).toMatchObject({ layer: 'V', ratio23: 10, n: 1 });
    expect(reportSpectrum(ofV, [run], [200, 400])?.peak?.epoch).toBe(230);
    const text = renderText(buildReport(sampleStudy({ conditions: [ofV] }), [run]), {
      width: 400,
      color: false,
    });
    expect(text).toContain('Smoothness of the updates of V');
    expect(text).toContain('Peak and rounding floor of V');
  });

  it('beside one that measures W has the layer in a column', () => {
    const other = { ...sampleCondition('control', 0, 400) };
    const both = [run, sampleRun({ 'spectrum.W.smoothness1': () => 0.25 }, { condition: 'control' })];
    const report = buildReport(sampleStudy({ conditions: [ofV, other] }), both);
    const lines = renderText(report, { width: 400, color: false }).split('\n');
    const from = lines.findIndex((line) => line.includes('Smoothness of the updates of V and W'));
    const cells = lines.slice(from).filter((line) => / 50 /.test(line));
    expect(cells.map((line) => line.trim().split(/\s+/).slice(0, 3))).toStrictEqual([
      ['grokking', 'V', '50'],
      ['control', 'W', '50'],
    ]);
  });
});
