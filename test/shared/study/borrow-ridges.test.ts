import { describe, expect, it } from 'vitest';
import { problemsOf, smallText, studyOf } from './study-text.ts';

const probe = 'probes: { repulsion: { epochs: [0], ridge: [published, effective, 1e-3] } }\n';

function ridgesOf(lines: string) {
  const { conditions } = studyOf(`${smallText}${probe}${lines}`);
  return Object.fromEntries(
    conditions.map(({ name, settings }) => [name, settings.probes.repulsion?.ridges]),
  );
}

describe('a ridge', () => {
  it('is eta, n eta / 2 (n = 10 here) or the number, under the name the file writes', () => {
    expect(ridgesOf('optimizer: { weightDecay: 0.4 }\n').base).toEqual([
      { name: 'published', value: 0.4, borrowedFrom: null },
      { name: 'effective', value: 2, borrowedFrom: null },
      { name: '1e-3', value: 0.001, borrowedFrom: null },
    ]);
  });

  it('of a control takes its comparison eta with its own n', () => {
    const ridges = ridgesOf(
      'conditions: { control: { split: { train: 20 } }, decayed: { optimizer: { weightDecay: 0.4 } } }\n',
    );
    expect(ridges.control).toEqual([
      { name: 'published', value: 0.4, borrowedFrom: 'decayed' },
      { name: 'effective', value: 4, borrowedFrom: 'decayed' },
      { name: '1e-3', value: 0.001, borrowedFrom: null },
    ]);
  });

  it('of a swept control comes from the condition with the same swept value', () => {
    const ridges = ridgesOf(`conditions:
  small: { optimizer: { weightDecay: 0.1 }, network: { width: 6 } }
  large: { optimizer: { weightDecay: 0.2 }, network: { width: 7 } }
  control: { sweep: { network.width: [6, 7, 8] } }
`);
    const lenders = ['6', '7', '8'].map((width) => ridges[`control width=${width}`]?.[0].borrowedFrom);
    // Width 8 is nobody's: both differ in one setting, and the first is taken.
    expect(lenders).toEqual(['small', 'large', 'small']);
  });

  it('written twice is refused', () => {
    const lines = 'probes: { repulsion: { epochs: [0], ridge: [0.1, 1e-1] } }\n';
    expect(problemsOf(`${smallText}${lines}`)).toEqual([
      'x.yaml:7:50 probes.repulsion.ridge[1] is in the list twice: keep one 1e-1',
    ]);
  });

  it('that is not a number, published or effective is refused', () => {
    const lines = 'probes: { repulsion: { epochs: [0], ridge: [0, paper] } }\n';
    expect(problemsOf(`${smallText}${lines}`)).toEqual([
      'x.yaml:7:45 probes.repulsion.ridge[0] must be published, effective or a number > 0, got 0',
      'x.yaml:7:48 probes.repulsion.ridge[1] must be published, effective or a number > 0, got "paper"',
    ]);
  });
});
