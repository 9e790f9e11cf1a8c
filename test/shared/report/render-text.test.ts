import { describe, expect, it } from 'vitest';

import { buildReport } from '#shared/report/build-report.ts';
import type { MeasuredRun } from '#shared/report/measured-run.ts';
import { renderText } from '#shared/report/render-text.ts';

import { referenceRun } from './reference-run.ts';
import { samplePublished, sampleRepulsion, sampleRun, sampleStudy } from './sample-study.ts';

const reference = [referenceRun('g0', 'grokking'), referenceRun('c0', 'control')];

function render(runs: readonly MeasuredRun[], study = sampleStudy(), width = 100): string {
  return renderText(buildReport(study, runs), { width, color: false });
}

/** The lines of one section, its title first. */
function section(text: string, title: string): string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(title));
  if (start < 0) throw new Error(`no section ${title}`);
  const length = lines.slice(start + 1).findIndex((line) => /^\S/.test(line));
  return lines.slice(start, length < 0 ? undefined : start + 1 + length);
}

function cells(text: string, title: string, ...start: string[]): string[] {
  const row = section(text, title)
    .map((line) => line.trim().split(/\s{2,}/))
    .find((parts) => start.every((part, index) => parts[index] === part));
  if (!row) throw new Error(`no row ${start.join(' ')} under ${title}`);
  return row;
}

/** Rises fast from epoch 120 on. */
function exponential(t: number): number {
  return Math.exp(0.1 * Math.max(0, t - 120));
}

function controls(crossing: readonly boolean[]): MeasuredRun[] {
  return crossing.map((crosses, seed) =>
    sampleRun(
      { 'spectrum.W.ratio23': crosses ? exponential : () => 1.4 },
      { id: seed + 1, condition: 'control', seed },
    ),
  );
}

/** What the report says of so many controls, of which these cross. */
function ofControls(...crossing: readonly boolean[]): string {
  return section(render(controls(crossing)), 'Controls that crossed')
    .join(' ')
    .replaceAll(/\s+/g, ' ');
}

function oneLine(runs: readonly MeasuredRun[], study = sampleStudy()): string {
  return render(runs, study).replaceAll(/\s+/g, ' ');
}

function probedAt(name: string): MeasuredRun {
  return sampleRun(
    {},
    {
      repulsion: [
        sampleRepulsion({ epoch: 50, opposite: 1, ridge: { name, value: 0.5, borrowedFrom: null } }),
      ],
    },
  );
}

/** What the report has for the seconds of runs that took so long. */
function secondsOf(...each: number[]): string | undefined {
  const runs = each.map((seconds, seed) => sampleRun({}, { id: seed + 1, seed, seconds }));
  return cells(render(runs), 'Runs', 'grokking').at(-1);
}

/** The report of two conditions whose late values of this series are 4 and 1. */
function lateOf(series: string): string {
  const study = sampleStudy({ late: { series, range: [200, 400], separation: ['grokking', 'control'] } });
  const runs = ['grokking', 'control'].map((condition, place) =>
    sampleRun({ [series]: () => (place === 0 ? 4 : 1) }, { id: place + 1, condition }),
  );
  return oneLine(runs, study);
}

describe('the text report', () => {
  it('says of a named ridge, and of no other, that a decoupled decay is no part of the loss', () => {
    const study = sampleStudy();
    const adamw = {
      ...study,
      conditions: study.conditions.map((condition) => ({
        ...condition,
        settings: {
          ...condition.settings,
          optimizer: { ...condition.settings.optimizer, kind: 'adamw' as const },
        },
      })),
    };
    const sentence = "AdamW's weight decay is no part of the loss";
    const general = 'The effective ridge n eta/2 is the one that weight decay puts on V';
    const decoupled = oneLine([probedAt('effective')], adamw);
    expect(decoupled).toContain(`The effective ridge is n eta/2. ${sentence}`);
    expect(decoupled).not.toContain(general);
    expect(oneLine([probedAt('published')], adamw)).toContain(`The published ridge is eta. ${sentence}`);
    expect(oneLine([probedAt('0.5')], adamw)).not.toContain(sentence);
    expect(oneLine([probedAt('effective')])).not.toContain(sentence);
    expect(oneLine([probedAt('effective')])).toContain(general);
    // Where both are measured, the general sentence is true of one, and a note says of which it is not.
    const coupled = { ...study.conditions[0], name: 'coupled' };
    const mixed = oneLine([probedAt('effective'), { ...probedAt('effective'), condition: 'coupled' }], {
      ...adamw,
      conditions: [...adamw.conditions, coupled],
    });
    expect(mixed).toContain(general);
    expect(mixed).toContain(`grokking: ${sentence}`);
  });

  it('names the seeds of its runs, whichever the file asks for today', () => {
    const runs = [3, 7].map((seed) => sampleRun({}, { id: seed, seed }));
    expect(oneLine(runs, sampleStudy({ seeds: [0] }))).toContain(
      '2 of 2 runs finished: 2 conditions, seeds 3, 7',
    );
    expect(oneLine([], sampleStudy({ seeds: [0] }))).toContain('0 of 0 runs finished: 2 conditions, seed 0.');
  });

  it('has no seconds of a run that was not trained here', () => {
    expect(secondsOf(0, 0)).toBe('-');
    expect(secondsOf(0, 12)).toBe('12.0');
  });

  it('takes a root of eigenvalues and of their ratios alone', () => {
    for (const series of ['spectrum.W.ratio23', 'spectrum.V.sigma1'])
      expect(lateOf(series)).toContain('in singular values: 2.00');
    for (const series of ['spectrum.W.share1', 'spectrum.W.effectiveRank', 'gram.rho']) {
      expect(lateOf(series)).toContain('Separation');
      expect(lateOf(series)).not.toContain('singular values');
    }
  });

  it('calls no condition a control that has weight decay, unless the study divides by it', () => {
    const [grokking] = sampleStudy().conditions;
    const conditions = [grokking, { ...grokking, name: 'usual' }];
    const runs = conditions.map(({ name }, place) =>
      sampleRun({ 'spectrum.W.ratio23': exponential }, { id: place + 1, condition: name }),
    );
    const late = { ...sampleStudy().late, separation: null };
    expect(oneLine(runs, sampleStudy({ conditions, late }))).not.toContain('Controls that crossed');
    const divided = { ...late, separation: ['grokking', 'usual'] as const };
    expect(oneLine(runs, sampleStudy({ conditions, late: divided }))).toContain('Controls that crossed');
  });

  it('says where a detector fires at the first epoch it looks at', () => {
    const runs = [0.6, 0.2].map((start, seed) =>
      sampleRun({ 'test.accuracy': (t) => Math.min(1, start + t / 200) }, { id: seed + 1, seed }),
    );
    const notes = section(render(runs), 'Fire epochs').join(' ').replaceAll(/\s+/g, ' ');
    expect(notes).toContain(
      'half: test.accuracy is at least 0.5. In 1 of 2 runs it is so at epoch 0 already, where it first looks grokked: test.accuracy is at least 0.99 The epoch',
    );
  });

  it('says so of a series that is measured seldom, or not yet at the first epochs', () => {
    const initiation = {
      kind: 'level',
      series: 'gram.rho',
      threshold: 0.075,
      from: 42,
      direction: 'rising',
    } as const;
    const study = sampleStudy({ detectors: { initiation } });
    const seldom = sampleRun({ 'gram.rho': (t) => (t % 5 === 0 ? 1 : NaN) }, { id: 1, seed: 0 });
    const later = sampleRun({ 'gram.rho': (t) => (t % 5 === 0 ? t / 1000 : NaN) }, { id: 2, seed: 1 });
    const notes = section(render([seldom, later], study), 'Fire epochs')
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    expect(notes).toContain('In 1 of 2 runs it is so at epoch 45 already, where it first looks');
  });

  it('says that a threshold tells nothing apart where half of the controls cross or more', () => {
    expect(ofControls(true, true, false)).toContain(
      'control, lock-in: 2 of 3 runs. That is half of them or more',
    );
    for (const few of [ofControls(true, false, false), ofControls(true)]) {
      expect(few).toMatch(/control, lock-in: 1 of \d runs A control can cross/);
      expect(few).not.toContain('half of them');
    }
  });

  it('puts measured, published and difference of a detector in one row', () => {
    const text = render(reference, sampleStudy({ published: samplePublished() }));
    expect(cells(text, 'Fire epochs', 'grokking', 'lock-in').join(' ')).toBe(
      'grokking lock-in 1/1 173 - 15/15 174 173..174 -1',
    );
    expect(cells(text, 'Fire epochs', 'control', 'lock-in').join(' ')).toBe(
      'control lock-in 0/1 - - 0/15 - - -',
    );
  });

  it('has no published or difference column in a study without published numbers', () => {
    const text = render(reference);
    expect(text).not.toContain('published');
    expect(text).not.toContain('difference');
    // One seed has no quartiles.
    expect(cells(text, 'Fire epochs', 'grokking').join(' ')).toBe('grokking lock-in 1/1 173 -');
  });

  it('ends every column of numbers at the same character', () => {
    const lines = section(render(reference), 'Fire epochs').filter((line) => /\d\/\d|quartiles$/.test(line));
    expect(lines.length).toBe(9);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  it('names a condition once for the rows it heads', () => {
    const lines = section(render(reference), 'Fire epochs');
    expect(lines.filter((line) => line.startsWith('  grokking '))).toHaveLength(1);
  });

  it('explains under each table what was measured and what was not', () => {
    const text = render([
      sampleRun(
        { 'spectrum.W.ratio23': () => 2 },
        { repulsion: [sampleRepulsion({ epoch: 50, opposite: 0.8 })] },
      ),
    ]).replaceAll(/\s+/g, ' ');
    expect(text).toContain("sgn B = -sgn(f_j'P f_l) is an identity");
    expect(text).toContain('ridge on V is n eta/2');
    expect(text).toContain('eigenvalues of the update Gram');
    expect(text).toContain('never a finding');
  });

  it.each([80, 100, 140])('keeps prose and tables within %i columns', (width) => {
    const text = render(reference, sampleStudy({ description: 'word '.repeat(60) }), width);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it('fits the widest table of the headline study into 100 columns', () => {
    const repulsion = [50, 100].map((epoch) => sampleRepulsion({ epoch, opposite: 0.9 }));
    const published = samplePublished({ repulsion: [{ epoch: 50, median: 0.865, q1: 0.865, q3: 0.875 }] });
    const runs = reference.map((run) => ({ ...run, repulsion }));
    const text = render(runs, sampleStudy({ published }));
    expect(cells(text, 'Similar-pair repulsion', 'grokking').join(' ')).toBe(
      'grokking 50 1 0.900 - 0.900 0.550 0.865 0.865..0.875 +0.035',
    );
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('lists what did not finish, seeds of one reason together, the reason wrapped and whole', () => {
    const problem = `The loss became NaN at epoch 137${': try a smaller learning rate'.repeat(4)}.`;
    const failed = [4, 5, 6].map((seed) => sampleRun({}, { seed, state: 'failed', problem }));
    const lines = section(render([...reference, ...failed]), 'Not finished');
    expect(cells(lines.join('\n'), 'Not finished', 'grokking').slice(0, 3).join(' ')).toBe(
      'grokking 4..6 failed',
    );
    expect(lines.map((line) => line.slice(lines[1].indexOf('reason'))).join(' ')).toContain(
      'rate: try a smaller learning rate.',
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('names the control that crossed and says that it can be chance', () => {
    const crossing = sampleRun(
      { 'spectrum.W.ratio23': (t) => Math.exp(0.1 * Math.max(0, t - 295)) },
      { condition: 'control', seed: 1 },
    );
    const text = render([...reference, crossing]);
    const title = 'Controls that crossed';
    expect(cells(text, title, 'control')).toEqual(['control', 'lock-in', '1', '306']);
    expect(section(text, title).join(' ')).toContain('by chance');
    expect(section(text, title).join('\n')).toContain('control, lock-in: 1 of 2 runs');
    expect(render(reference)).not.toContain(title);
  });

  it('is still a report when nothing was trained', () => {
    const text = render([]);
    expect(text).toContain('0 of 0 runs finished');
    expect(cells(text, 'Runs', 'grokking')).toEqual(['grokking', '0/0', '-', '-', '-']);
    expect(text).not.toContain('NaN');
  });

  it('colours titles only when asked, and changes no character otherwise', () => {
    const report = buildReport(sampleStudy(), reference);
    const plain = renderText(report, { width: 100, color: false });
    const colored = renderText(report, { width: 100, color: true });
    expect(plain).not.toContain('\u001B');
    expect(colored).toContain('\u001B[1mRuns\u001B[22m');
    const codes = ['\u001B[1m', '\u001B[2m', '\u001B[22m'];
    expect(codes.reduce((text, code) => text.replaceAll(code, ''), colored)).toBe(plain);
  });
});
