import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Study } from '#shared/models/study.ts';
import { changeScoring, type ScoringChange } from '#shared/study/change-scoring.ts';
import { sameScoring, type Scoring } from '#shared/study/scoring.ts';
import { parseStudy } from '#shared/study/parse-study.ts';
import { rewriteScoring } from '#shared/study/rewrite-scoring.ts';

function study(text: string): Study {
  const parsed = parseStudy(text, 'x.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.study;
}

function changed(of: Study, change: ScoringChange): Scoring {
  const result = changeScoring(of, change);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.scoring;
}

const base = `study: Small
task: { kind: modular-addition, modulus: 7 }
split: { train: 20 }
network: { width: 8 }
epochs: 60
seeds: 0
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
`;
const written = `${base}detectors: # as the paper has them
  lock-in: { kind: slope, series: spectrum.W.ratio23, lag: 25, threshold: 4e-2, from: 30 } # eq. 5
  # a person would say so
  half:
    kind: level
    series: test.accuracy
    threshold: 0.5 # of the test set
intervals: { delay: { from: lock-in, to: half } }
late: [30, 60] # the end
`;

/** The study and its text after a change; the text says what the study is. */
function after(text: string, change: ScoringChange): string {
  const wanted = changed(study(text), change);
  const next = rewriteScoring(text, wanted);
  if (next === null) throw new Error('could not follow');
  expect(sameScoring(study(next), wanted)).toBe(true);
  return next;
}

describe('a study file’s text under other detectors', () => {
  const own = study(written).detectors;
  const { half } = own;

  it('keeps the layout of a list of two epochs, whatever changes beside or in it', () => {
    const lines = `${base}late:\n  # From here\n  - 30 # a\n  - 60 # b\n`;
    expect(after(lines, { detectors: study(lines).detectors, late: { range: [40, 60] } })).toBe(
      lines.replace('- 30', '- 40'),
    );
    expect(after(lines, { detectors: study(lines).detectors, late: { series: 'test.loss' } })).toBe(
      lines.replace('  # From here\n', '  # From here\n  range:\n').trimEnd() + '\n  series: test.loss\n',
    );
    const wrapped = `${base}late: { range: [30,\n    60], series: test.loss } # the end\n`;
    expect(after(wrapped, { detectors: study(wrapped).detectors, late: { range: [30, 50] } })).toBe(
      wrapped.replace('    60]', '    50]'),
    );
  });

  it('is touched only where it says something else: comments and everything beside them stay', () => {
    const next = after(written, { detectors: { ...own, half: { ...half, threshold: 0.6 } } });
    expect(next).toBe(written.replace('threshold: 0.5 #', 'threshold: 0.6 #'));
    expect(after(next, { detectors: own })).toBe(written);
    expect(after(written, { detectors: own, late: { range: [40, 60] } })).toBe(
      written.replace('[30, 60]', '[40, 60]'),
    );
  });

  it('takes detectors in and out, and puts one back in its place', () => {
    const { delay, ...none } = study(written).intervals;
    const without = after(written, { detectors: { half }, intervals: none });
    expect(without).not.toMatch(/lock-in/);
    const back = after(without, { detectors: own, intervals: { delay } });
    expect(Object.keys(study(back).detectors)).toStrictEqual(['lock-in', 'half']);
    expect(back).toContain('# a person would say so');
  });

  it('changes direction, kind and what the late value is of', () => {
    const next = after(written, {
      detectors: {
        'lock-in': { ...own['lock-in'], direction: 'falling' },
        half: { kind: 'slope', series: 'test.loss', lag: 3, threshold: 0.1 },
      },
      late: { series: 'test.loss', range: [10, 20], separation: ['control', 'grokking'] },
    });
    expect(next).toContain('from: 30, direction: falling } # eq. 5');
    expect(next).toContain('separation: [control, grokking]');
  });

  it('says a line each where the file had left its detectors out', () => {
    const own = study(base).detectors;
    const next = after(base, {
      detectors: { ...own, low: { kind: 'level', series: 'test.loss', threshold: 1 } },
    });
    expect(next).toContain('\ndetectors:\n  lock-in: {');
    expect(next).toContain('\n  low: { kind: level, series: test.loss, threshold: 1 }');
  });

  it('follows in JSON, and in every preset', () => {
    const json = JSON.stringify({
      study: 'J',
      task: { kind: 'modular-addition', modulus: 7 },
      split: { train: 20 },
      network: { width: 8 },
      epochs: 60,
      seeds: 0,
    });
    const presets = ['quick', 'headline', 'eta-sweep'].map((name) =>
      readFileSync(`assets/studies/${name}.yaml`, 'utf8'),
    );
    for (const text of [json, ...presets]) {
      const { detectors, late } = study(text);
      const more = { ...detectors, 'x 1': { kind: 'level', series: 'test.loss', threshold: 0.25 } as const };
      after(text, { detectors: more, late: { range: [late.range[0], late.range[0] + 1] } });
    }
  });

  it('is left alone where it cannot say so: no study by itself, or through an alias', () => {
    const wanted = changed(study(written), { detectors: { half }, intervals: {} });
    expect(rewriteScoring(written.replace('seeds: 0\n', ''), wanted)).toBeNull();
    const alias = written.replace('threshold: 0.5', 'threshold: &t 0.5');
    const shared = alias.replace('late:', 'published: { source: X, separation: *t }\nlate:');
    expect(
      rewriteScoring(shared, { ...study(shared), detectors: { ...own, half: { ...half, threshold: 0.6 } } }),
    ).toBeNull();
  });
});

describe('what a study’s detectors may become', () => {
  it('is judged as in a file, and published numbers keep the detector they are of', () => {
    const printed = study(
      written.replace(
        'late:',
        'published: { source: "Xu, 2026", conditions: { grokking: { detectors: { half: { median: 9 } } } } }\nlate:',
      ),
    );
    const refused = changeScoring(printed, {
      detectors: { 'lock-in': { kind: 'slope', series: 'gram.rhoo' } },
      late: { range: [50, 99], separation: ['grokking', 'none'] },
    });
    expect(refused.ok ? [] : refused.problems).toStrictEqual([
      expect.stringMatching(/^detectors\.lock-in\.series .*did you mean gram\.rho/),
      expect.stringMatching(/^intervals\.delay\.to must be a detector's name, got "half"/),
      expect.stringMatching(/^late\.range\[1\] must be in 0\.\.60 .*got 99/),
      expect.stringMatching(/^late\.separation\[1\] must be a condition, got "none"/),
      expect.stringMatching(/^detectors must keep "half": numbers of Xu, 2026 are shown beside it/),
    ]);
  });
});
