import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import published from '../../fixtures/reference/published.json' with { type: 'json' };
import type { PublishedCondition } from '#shared/models/study.ts';
import { studyOf } from './study-text.ts';

const directory = new URL('../../../assets/studies/', import.meta.url);
const text = (name: string) => readFileSync(new URL(`${name}.yaml`, directory), 'utf8');
const preset = (name: string) => studyOf(text(name));

/** The published numbers of one condition of a preset; a claim about a condition that has none must fail. */
function publishedIn(name: string, condition: string): PublishedCondition {
  const found = preset(name).published?.conditions[condition];
  if (!found) throw new Error(`${name} publishes nothing for ${condition}`);
  return found;
}

const runCounts = {
  'eta-sweep': 25,
  headline: 30,
  quick: 10,
  relu: 30,
  'repulsion-seeds': 10,
  'scaling-sweep': 60,
  'window-sweep': 24,
};

describe('every preset', () => {
  it.each(Object.entries(runCounts))('%s expands to %d runs', (name, runs) => {
    const { conditions, seeds } = preset(name);
    expect(conditions.length * seeds.length).toBe(runs);
  });

  it('is in the list above, and names its schema for editors', () => {
    const names = readdirSync(directory).map((file) => file.replace(/\.yaml$/, ''));
    expect(names.toSorted()).toEqual(Object.keys(runCounts).toSorted());
    for (const name of names) {
      expect(text(name)).toMatch(/^# yaml-language-server: \$schema=\.\.\/study\.schema\.json\n# [A-Z]/);
    }
  });
});

// Oracle: round(p * M**2) of Python 3, in which the study is written; it rounds halves to even numbers.
const pythonRounds: Readonly<Record<string, number>> = {
  '0.1 * 41**2': 168,
  '0.2 * 41**2': 336,
  '0.3 * 41**2': 504,
  '0.5 * 41**2': 840,
  '0.1 * 71**2': 504,
  '0.2 * 71**2': 1008,
  '0.3 * 71**2': 1512,
  '0.5 * 71**2': 2520,
  '0.1 * 127**2': 1613,
  '0.2 * 127**2': 3226,
  '0.3 * 127**2': 4839,
  '0.5 * 127**2': 8064,
};

// Oracle: published.json, the study's tables.
describe('the published numbers beside a preset are those of published.json', () => {
  it('headline: settings, detectors, late ratio and repulsion', () => {
    const { headline, repulsion } = published;
    const study = preset('headline');
    const [settings, control] = study.conditions.map((condition) => condition.settings);
    expect(settings).toMatchObject({
      task: { modulus: headline.config.modulus },
      network: { width: headline.config.width, activation: headline.config.activation },
      split: { train: headline.config.train },
      optimizer: { learningRate: headline.config.learningRate },
      epochs: headline.config.epochs,
      probes: { spectrum: { window: headline.config.window } },
    });
    expect([settings.optimizer.weightDecay, control.optimizer.weightDecay]).toEqual(headline.config.eta);
    expect(study.late.range).toEqual(headline.lateRatio.window);
    expect(study.published?.separation).toBe(headline.lateRatio.separation);
    const { detectors, late, repulsion: rows } = publishedIn('headline', 'grokking');
    const spread = (name: string) => [detectors[name].q1, detectors[name].q3];
    expect(detectors['lock-in'].median).toBe(headline.slopeFire.grokking.median);
    expect(spread('lock-in')).toEqual(headline.slopeFire.grokking.iqr);
    expect([detectors.half.median, spread('half')]).toEqual([
      headline.testAccuracyHalf.median,
      headline.testAccuracyHalf.iqr,
    ]);
    expect([detectors['lag-behind-t99'].median, spread('lag-behind-t99')]).toEqual([
      headline.lagBehindTest99.median,
      headline.lagBehindTest99.iqr,
    ]);
    for (const [name, key] of [
      ['rho-0.070', '0.070'],
      ['initiation', '0.075'],
      ['rho-0.085', '0.085'],
      ['rho-0.10', '0.10'],
    ] as const) {
      expect([detectors[name].median, spread(name)], name).toEqual(headline.rhoFire[key]);
      expect(study.detectors[name].threshold).toBe(Number(key));
    }
    expect(late).toEqual({ median: headline.lateRatio.grokking.median, min: 168, max: 320 });
    expect(publishedIn('headline', 'control').late).toEqual({
      median: headline.lateRatio.control.median,
      min: headline.lateRatio.control.range[0],
      max: headline.lateRatio.control.range[1],
    });
    expect(rows.map(({ epoch }) => epoch)).toEqual(repulsion.epochs);
    expect(rows.map(({ median }) => median)).toEqual(repulsion.squareFiveSeeds.median);
    expect(rows.map(({ q1, q3 }) => [q1, q3])).toEqual(repulsion.squareFiveSeeds.iqr);
    expect(publishedIn('repulsion-seeds', 'grokking').repulsion).toEqual(rows);
  });

  it('eta sweep, row by row', () => {
    const study = preset('eta-sweep');
    expect(study.conditions.map(({ settings }) => settings.optimizer.weightDecay)).toEqual(
      published.etaSweep.rows.map(({ eta }) => eta),
    );
    expect(study.late.range).toEqual(published.etaSweep.config.late);
    for (const [index, row] of published.etaSweep.rows.entries()) {
      const { detectors, late } = publishedIn('eta-sweep', study.conditions[index].name);
      expect({
        grokked: `${detectors.grokked.fired}/${detectors.grokked.n}`,
        rho: detectors.initiation.median,
        t50: detectors.half?.median,
        lead: detectors.lead?.median,
        slopeFire: detectors['lock-in'].median,
        late: late?.median,
      }).toEqual({ ...row, eta: undefined });
    }
  });

  it('scaling sweep, row by row, with its epochs by modulus', () => {
    const study = preset('scaling-sweep');
    const { rows, config } = published.scalingSweep;
    expect(study.conditions).toHaveLength(rows.length);
    for (const [index, row] of rows.entries()) {
      const { name, settings } = study.conditions[index];
      const { detectors } = publishedIn('scaling-sweep', name);
      expect(name).toBe(`M=${row.modulus} fraction=${row.p}`);
      expect(settings.split.train).toBe(pythonRounds[`${row.p} * ${row.modulus}**2`]);
      expect(Object.entries(config.epochs)).toContainEqual([String(row.modulus), settings.epochs]);
      expect(`${detectors.grokked.fired}/${detectors.grokked.n}`).toBe(row.grokked);
      expect(detectors.grokked.median ?? undefined).toBe(row.t99);
      expect(detectors.initiation?.median).toBe(row.rho);
    }
  });

  it('window sweep: the median of the published epochs, and how many fired', () => {
    for (const row of published.windowSensitivity.rows) {
      for (const [index, condition] of (['grokking', 'control'] as const).entries()) {
        const { detectors, late } = publishedIn('window-sweep', `${condition} window=${row.window}`);
        const fired = row[condition].filter((epoch) => epoch !== null);
        expect(detectors['lock-in']).toMatchObject({
          fired: fired.length,
          n: 3,
          // Of the one or three that fired, the middle one.
          median: fired.length === 0 ? null : fired[(fired.length - 1) / 2],
        });
        expect(late?.median).toBe(row.late[index]);
      }
    }
  });

  it('relu: no slope, a late ratio without separation, and seed 0 repulsion', () => {
    const { relu, repulsion } = published;
    const study = preset('relu');
    const { detectors, late, repulsion: rows } = publishedIn('relu', 'grokking');
    expect(study.conditions[0].settings).toMatchObject({
      epochs: relu.config.epochs,
      network: { activation: 'relu' },
    });
    expect(`${detectors['lock-in'].fired}/${detectors['lock-in'].n}`).toBe(relu.slopeFire);
    expect([detectors.grokked.median, detectors.initiation.median]).toEqual([relu.t99, relu.rhoFire]);
    expect([late?.median, study.published?.separation]).toEqual([relu.late.grokking, relu.late.separation]);
    expect(Object.fromEntries(rows.map(({ epoch, median }) => [epoch, median]))).toEqual(repulsion.reluSeed0);
  });
});

describe('the quick study', () => {
  it('is the fast study of science.md', () => {
    const study = preset('quick');
    expect(study.conditions.map(({ name }) => name)).toEqual(['grokking', 'control']);
    expect(study.conditions[0].settings).toMatchObject({
      task: { modulus: 31 },
      split: { train: 576 },
      network: { width: 512 },
      optimizer: { learningRate: 0.002, weightDecay: 0.0005 },
      epochs: 220,
    });
    expect(study.seeds).toEqual([0, 1, 2, 3, 4]);
    expect(study.late).toMatchObject({ range: [180, 220], separation: ['grokking', 'control'] });
  });
});
