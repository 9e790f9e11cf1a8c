import { describe, expect, it } from 'vitest';
import type { Speed } from '#main/core/machine-speed.ts';
import { previewStudy, type Place } from '#main/core/preview-study.ts';
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

function here(workers: number, speed: Speed = null): Place {
  return { workers, memory: 8e9, speed: () => speed };
}

describe('what a study would cost', () => {
  it('counts its runs, rows and the bytes of its series', () => {
    const preview = previewStudy(study, [], here(2));
    expect(preview).toMatchObject({ name: 'Small', conditions: 2, seeds: 2, runs: 4, rows: 4 * 601 });
    // No repulsion probes: eight bytes a number.
    expect(preview.bytes).toBe(4 * 601 * seriesNames(settings.probes).length * 8);
  });

  it('takes the time of equal runs that were trained here, shared by the workers there is work for', () => {
    expect(previewStudy(study, [trained()], here(1)).seconds).toBeCloseTo(40);
    expect(previewStudy(study, [trained()], here(4)).seconds).toBeCloseTo(10);
    expect(previewStudy(study, [trained()], here(64)).seconds).toBeCloseTo(10);
  });

  it('scales the time by the epochs, from the run nearest in cost', () => {
    const longer = testStudy({ epochs: 1201 });
    const near = trained({ settings: { ...settings, epochs: 600 }, seconds: 10 });
    const far = trained({ settings: { ...settings, epochs: 150 }, seconds: 1000 });
    expect(previewStudy(longer, [far, near], here(1)).seconds).toBeCloseTo((4 * 10 * 1202) / 601);
  });

  it('says that it does not know rather than guess: nothing trained, nothing of like size', () => {
    const tiny = trained({ settings: { ...settings, epochs: 20 } });
    expect(previewStudy(study, [], here(2)).seconds).toBeNull();
    expect(previewStudy(study, [tiny], here(2)).seconds).toBeNull();
  });

  it('takes the speed of the engine where no run tells, and says so', () => {
    const slow = previewStudy(study, [], here(1, { gigaflops: 10 }));
    const fast = previewStudy(study, [], here(1, { gigaflops: 20 }));
    expect(slow).toMatchObject({ secondsFrom: 'speed' });
    expect(slow.seconds).toBeCloseTo(2 * (fast.seconds ?? 0));
    // Oracle: the multiply-adds of docs/science.md, two operations each, at every of 601 epochs of four runs.
    const { task, split, network } = settings;
    const products = network.width * task.modulus * (task.modulus ** 2 + 2 * split.train);
    const gram = settings.probes.gram ? (split.train * network.width ** 2) / 2 : 0;
    expect(slow.seconds).toBeCloseTo((4 * 601 * 2 * (products + gram)) / 10e9, 6);
    expect(previewStudy(study, [trained()], here(1, { gigaflops: 10 })).secondsFrom).toBe('runs');
    expect(previewStudy(study, [], here(1, 'measuring'))).toMatchObject({
      seconds: null,
      secondsFrom: 'measuring',
    });
  });

  it('warns of days, of a full disk and of more memory than there is', () => {
    const large = previewStudy(study, [], { workers: 4, memory: 1e9, speed: () => ({ gigaflops: 1e-7 }) });
    expect(large.costs.join('\n')).toMatch(
      /train for about [\d.]+ days[^]*GB of memory at once, of the 1\.0 GB/,
    );
    expect(previewStudy(study, [trained()], here(2)).costs).toStrictEqual([]);
  });
});
