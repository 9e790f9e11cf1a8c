import { describe, expect, it } from 'vitest';
import type { ProbeSettings } from '#shared/models/settings.ts';
import type { Study } from '#shared/models/study.ts';
import { buildReport } from '#shared/report/build-report.ts';
import { renderText } from '#shared/report/render-text.ts';
import { scoringCaveats } from '#shared/report/scoring-caveats.ts';
import { sampleCondition, sampleRun, sampleStudy } from './sample-study.ts';

function probed(name: string, probes: Partial<ProbeSettings>, epochs = 400): Study['conditions'][number] {
  const condition = sampleCondition(name, 0, epochs);
  const { settings } = condition;
  return { ...condition, settings: { ...settings, probes: { ...settings.probes, ...probes } } };
}

const caveats = (conditions: Study['conditions'], changes: Partial<Study> = {}) =>
  scoringCaveats(sampleStudy({ conditions, ...changes }));

describe('what a score does not say for want of rows', () => {
  it('is nothing where every series is measured at every epoch and the window is full', () => {
    expect(scoringCaveats(sampleStudy())).toEqual({ detectors: {}, late: [] });
  });

  it('is the resolution of a sparse schedule', () => {
    const every = probed('every', {});
    const sparse = probed('sparse', { gram: { every: 1, later: { from: 50, every: 5 } } });
    const schedule = 'gram.rho is measured at every epoch until 50, then every 5th epoch';
    expect(caveats([sparse]).detectors).toEqual({ initiation: [`${schedule}: it can fire at no other`] });
    expect(caveats([every, sparse]).detectors).toEqual({
      initiation: [`${schedule} in sparse: it can fire at no other`],
    });
  });

  it('is that a slope over a lag between two rows was never taken', () => {
    const detectors: Study['detectors'] = {
      rho: { kind: 'slope', series: 'gram.rho', lag: 25, threshold: 0, from: 0, direction: 'rising' },
    };
    expect(caveats([probed('a', { gram: { every: 40 } })], { detectors }).detectors).toEqual({
      rho: ['gram.rho is not measured at two epochs 25 apart: it could not fire'],
    });
    // Epochs 40 and 65: one before the schedule changes, one after.
    const changing = probed('a', { gram: { every: 4, later: { from: 50, every: 13 } } });
    expect(caveats([changing], { detectors }).detectors['rho']?.join('')).not.toContain('could not fire');
    expect(caveats([probed('a', { gram: { every: 5 } })], { detectors }).detectors['rho']).toEqual([
      'gram.rho is measured at every 5th epoch: it can fire at no other',
    ]);
  });

  it('is that what it reads is measured nowhere from where it begins to look', () => {
    const seldom = { gram: { every: 1, later: { from: 50, every: 7 } } };
    const slope = { kind: 'slope', series: 'gram.rho', lag: 25, threshold: 0, direction: 'rising' } as const;
    const level = { kind: 'level', series: 'gram.rho', threshold: 0, direction: 'rising' } as const;
    const detectors: Study['detectors'] = {
      early: { ...slope, from: 0 },
      rho: { ...slope, from: 100 },
      last: { ...level, from: 149 },
      met: { ...level, from: 147 },
    };
    const found = caveats([probed('a', seldom, 150)], { detectors }).detectors;
    expect(found['early']?.join('')).not.toContain('could not fire');
    expect(found['rho']).toEqual([
      'From epoch 100 on, gram.rho is not measured at two epochs 25 apart: it could not fire',
    ]);
    expect(found['last']).toEqual([
      'From epoch 149 on, gram.rho is not measured at any epoch: it could not fire',
    ]);
    expect(found['met']?.join('')).not.toContain('could not fire');
  });

  it('is that a late median counts the epochs of a dense stretch as often as they are', () => {
    const late = { series: 'gram.rho', range: [40, 300] as const, separation: null };
    const sparse = probed('sparse', { gram: { every: 1, later: { from: 60, every: 20 } } }, 300);
    expect(caveats([probed('every', {}, 300), sparse], { late }).late).toEqual([
      'gram.rho is measured every epoch until 60, then every 20th epoch: 20 of the 33 epochs that the median counts alike are before 60 in sparse',
    ]);
    expect(caveats([sparse], { late: { ...late, range: [60, 300] } }).late).toEqual([]);
    expect(caveats([sparse], { late: { ...late, range: [0, 59] } }).late).toEqual([]);
  });

  it('is that training ended first', () => {
    expect(caveats([probed('short', {}, 99), probed('long', {})]).detectors).toEqual({
      'lock-in': ['Training ends before it looks in short: it could not fire'],
    });
  });

  it('is a late range that begins before the window is full, or in which nothing was measured', () => {
    expect(caveats([probed('a', { spectrum: { window: 50, layers: ['W'] } })]).late).toEqual([]);
    const early = { late: { ...sampleStudy().late, range: [30, 400] as const } };
    expect(
      caveats([probed('a', { spectrum: { window: 50, layers: ['W'] } }), probed('b', {})], early).late,
    ).toEqual([
      'Until epoch 50 the window of 50 updates is not full in a: those spectra are of fewer updates',
    ]);
    const missed = { late: { series: 'gram.rho', range: [81, 119] as const, separation: null } };
    expect(caveats([probed('a', { gram: { every: 40 } })], missed).late).toEqual([
      'gram.rho is measured at no epoch of 81..119',
    ]);
    expect(
      caveats([probed('a', { gram: { every: 40 } }, 120)], { late: { ...missed.late, range: [81, 120] } })
        .late,
    ).toEqual([]);
  });

  it('stands in the report under what it is about, also where there is no value to stand under', () => {
    const study = sampleStudy({
      conditions: [probed('grokking', { gram: { every: 40 } })],
      late: { series: 'gram.rho', range: [81, 119], separation: null },
    });
    const runs = [sampleRun({ 'gram.rho': (t) => (t % 40 === 0 ? 1 : NaN) })];
    const text = renderText(buildReport(study, runs), { width: 400, color: false }).replaceAll(/\s+/g, ' ');
    expect(text).toContain('gram.rho is at least 0.075. gram.rho is measured at every 40th epoch: it can');
    expect(text).toContain('Late value: gram.rho, epochs 81..119 gram.rho is measured at no epoch');
  });
});
