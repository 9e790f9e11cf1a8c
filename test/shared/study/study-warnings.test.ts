import { describe, expect, it } from 'vitest';
import { formatProblem, parseStudy } from '#shared/study/parse-study.ts';
import { readPresets } from '#main/core/presets.ts';

const base = `study: A
task: { kind: modular-addition, modulus: 31 }
split: { train: 576 }
network: { width: 64 }
optimizer: { weightDecay: 5e-4 }
epochs: 220
seeds: 0..4
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
probes:
  spectrum: { window: 20 }
  repulsion: { epochs: [0, 100] }
detectors:
  lock-in: { kind: slope, series: spectrum.W.ratio23, lag: 25, from: 100 }
late: [180, 220]
`;

/** The warnings of the study with some of its text exchanged, each as `line message`. */
function warned(...changes: readonly (readonly [string, string])[]): string[] {
  const text = changes.reduce((done, [from, to]) => {
    expect(done).toContain(from);
    return done.replace(from, to);
  }, base);
  const parsed = parseStudy(text, 'a.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.warnings.map(({ line, field, message }) => `${line} ${field} ${message}`);
}

describe('what would mislead in a study that can be trained', () => {
  it('is nothing in the studies that come with the lab', () => {
    for (const { name, text } of readPresets())
      expect({ name, parsed: parseStudy(text, name) }).toMatchObject({
        name,
        parsed: { ok: true, warnings: [] },
      });
    expect(warned()).toStrictEqual([]);
  });

  it('is a modulus that is not prime, with its factor', () => {
    expect(warned(['modulus: 31', 'modulus: 49'])).toStrictEqual([
      expect.stringMatching(/^2 task\.modulus 49 is not prime \(7 divides it\)/),
    ]);
    expect(warned(['modulus: 31', 'modulus: 127'])).toStrictEqual([]);
  });

  it('is a window longer than the training', () => {
    const found = warned(
      ['window: 20', 'window: 200'],
      ['epochs: 220', 'epochs: 190'],
      ['[180, 220]', '[180, 190]'],
    );
    expect(found[0]).toMatch(/^12 probes\.spectrum\.window is 200 updates, and "grokking" makes only 190/);
  });

  it('is a detector that begins past the end, looks back too far, or waits for more than a share of one', () => {
    expect(warned(['from: 100', 'from: 221'])).toStrictEqual([
      expect.stringMatching(
        /^15 detectors\.lock-in\.from of "lock-in" is 221, past the last epoch \(220\): it can never/,
      ),
    ]);
    expect(warned(['lag: 25', 'lag: 300'])[0]).toMatch(/longer than the training: it can never fire/);
    const level = 'x: { kind: level, series: test.accuracy, threshold: 1.5 }';
    expect(
      warned(['lock-in: { kind: slope, series: spectrum.W.ratio23, lag: 25, from: 100 }', level])[0],
    ).toMatch(/an accuracy is at most 1/);
  });

  it('is a lag at which a probe that is due less often is never measured twice', () => {
    const gram = ['  repulsion:', '  gram: { every: 10 }\n  repulsion:'] as const;
    expect(warned(gram, ['series: spectrum.W.ratio23', 'series: gram.rho'])[0]).toMatch(
      /not measured at two epochs so far apart from epoch 100 on in "grokking", "control": it can never fire/,
    );
    expect(warned(gram, ['series: spectrum.W.ratio23, lag: 25', 'series: gram.rho, lag: 20'])).toStrictEqual(
      [],
    );
  });

  it('is a control that cannot be compared: without the probe, or at a ridge of its own', () => {
    const control = 'control: { optimizer: { weightDecay: 0 }';
    expect(warned([control, `${control}, probes: { repulsion: off }`])[0]).toMatch(
      /^10 conditions\.control "control" is a control without a repulsion probe/,
    );
    expect(warned([control, `${control}, probes: { repulsion: { epochs: [0], ridge: [0.5] } }`])[0]).toMatch(
      /at the ridge 0\.5, at which no condition with weight decay is probed/,
    );
  });

  it('is a named ridge under a weight decay that is no part of the loss', () => {
    const adamw = ['weightDecay: 5e-4 }', 'kind: adamw, weightDecay: 5e-4 }'] as const;
    expect(warned(adamw)).toStrictEqual([
      expect.stringMatching(
        /^5 optimizer\.kind is adamw in "grokking": its weight decay is no part of the loss/,
      ),
    ]);
    expect(
      warned(adamw, ['epochs: [0, 100] }', 'epochs: [0, 100], ridge: [0.5] }']).filter((line) =>
        line.includes('adamw'),
      ),
    ).toStrictEqual([]);
  });

  it('points at the condition that has its own setting, and not at the one it overrides', () => {
    const found = warned(
      ['epochs: 220', 'epochs: 100'],
      ['[180, 220]', '[99, 100]'],
      ['from: 100', 'from: 50'],
      ['weightDecay: 5e-4 }', 'kind: adam, weightDecay: 5e-4 }'],
      [
        'control: { optimizer: { weightDecay: 0 } }',
        'own: { optimizer: { kind: adamw }, probes: { spectrum: { window: 150 } } }',
      ],
    );
    expect(found.slice(0, 2)).toStrictEqual([
      expect.stringMatching(/^10 conditions\.own\.optimizer\.kind is adamw in "own": its weight decay/),
      expect.stringMatching(/^10 conditions\.own\.probes\.spectrum\.window is 150 updates, and "own"/),
    ]);
  });

  it('is one seed, and a late range before the window is full', () => {
    expect(warned(['0..4', '3'])).toStrictEqual([expect.stringMatching(/^7 seeds is one seed/)]);
    expect(warned(['[180, 220]', '[10, 220]'])).toStrictEqual([
      expect.stringMatching(/^16 late begins at 10, before the spectrum's window of 20/),
    ]);
  });

  it('names what the file leaves to its default', () => {
    const text = `study: A
task: { kind: modular-addition, modulus: 31 }
split: { train: 576 }
network: { width: 64 }
epochs: 15
seeds: 0..1
`;
    const parsed = parseStudy(text, 'a.yaml');
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
    const said = parsed.warnings.map((warning) => formatProblem(warning));
    expect(said.map((line) => line.split(',')[0])).toStrictEqual([
      'a.yaml:1:1 detectors.lock-in.from of "lock-in" is 100',
      'a.yaml:1:1 detectors.lock-in.lag of "lock-in" is 25 epochs',
      'a.yaml:5:9 probes.spectrum.window is 20 updates',
    ]);
    // A window that is full in time is the late value's concern.
    const longer = parseStudy(text.replace('epochs: 15', 'epochs: 30'), 'a.yaml');
    if (!longer.ok) throw new Error(longer.problems.map(({ message }) => message).join('\n'));
    expect(longer.warnings.map((warning) => formatProblem(warning))).toContainEqual(
      expect.stringMatching(/^a\.yaml:5:9 late begins at 15.*; begin at 20 or later/),
    );
    const half = parseStudy(`${text}detectors:\n  mine: { kind: slope, series: train.loss }\n`, 'a.yaml');
    if (!half.ok) throw new Error(half.problems.map(({ message }) => message).join('\n'));
    expect(half.warnings.map((warning) => formatProblem(warning))).toContainEqual(
      expect.stringMatching(/^a\.yaml:8:9 detectors\.mine\.lag of "mine" is 25 epochs/),
    );
  });
});
