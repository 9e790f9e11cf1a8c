import { describe, expect, it } from 'vitest';
import { previewStudy } from '#main/core/preview-study.ts';
import type { Run } from '#shared/models/run.ts';
import { seriesNames } from '#shared/models/series.ts';
import { testStudy } from '../store/lab-fixtures.ts';

const study = testStudy({ epochs: 600 });
const [{ settings }] = study.conditions;

function trained(changes: Partial<Run> = {}): Run {
  return {
    id: 1,
    studyId: 1,
    condition: 'grokking',
    seed: 0,
    settings,
    state: 'finished',
    rows: 601,
    seconds: 10,
    provenance: null,
    problem: null,
    ...changes,
  };
}

describe('what a study would cost', () => {
  it('counts its runs, rows and the bytes of its series', () => {
    const preview = previewStudy(study, [], 2);
    expect(preview).toMatchObject({ name: 'Small', conditions: 2, seeds: 2, runs: 4, rows: 4 * 601 });
    // No repulsion probes: eight bytes a number.
    expect(preview.bytes).toBe(4 * 601 * seriesNames(settings.probes).length * 8);
  });

  it('takes the time of equal runs that were trained here, shared by the workers there is work for', () => {
    expect(previewStudy(study, [trained()], 1).seconds).toBeCloseTo(40);
    expect(previewStudy(study, [trained()], 4).seconds).toBeCloseTo(10);
    expect(previewStudy(study, [trained()], 64).seconds).toBeCloseTo(10);
  });

  it('scales the time by the epochs, from the run nearest in cost', () => {
    const longer = testStudy({ epochs: 1201 });
    const near = trained({ settings: { ...settings, epochs: 600 }, seconds: 10 });
    const far = trained({ settings: { ...settings, epochs: 150 }, seconds: 1000 });
    expect(previewStudy(longer, [far, near], 1).seconds).toBeCloseTo((4 * 10 * 1202) / 601);
  });

  it('says that it does not know rather than guess: nothing trained, nothing finished, nothing of like size', () => {
    const tiny = trained({ settings: { ...settings, epochs: 20 } });
    expect(previewStudy(study, [], 2).seconds).toBeNull();
    expect(previewStudy(study, [trained({ state: 'failed' })], 2).seconds).toBeNull();
    expect(previewStudy(study, [trained({ seconds: 0 })], 2).seconds).toBeNull();
    expect(previewStudy(study, [tiny], 2).seconds).toBeNull();
  });
});
