import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyChanges, removeAt, renameAt, writeAt } from '#shared/study/edit-text.ts';
import type { Edit } from '#shared/study/edit-text.ts';

const text = `# Of the lab in the cellar.
study: Tiny   # a name
task: { kind: modular-addition, modulus: 7 }   # prime
optimizer:
  # Coupled.
  kind: adam
  weightDecay: 5e-4 # eta

epochs: 40
conditions:
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }   # without
  plain:
  deep:
    optimizer:
      weightDecay: 0
seeds:
  - 0
  - 3
# The end.
`;

function edited(edit: Edit, before = text): string {
  if (edit === null) throw new Error('the text could not be edited');
  return applyChanges(before, edit);
}

/** The lines that an edit took out and put in. */
function difference(edit: Edit): { readonly out: string[]; readonly in: string[] } {
  const [before, after] = [text.split('\n'), edited(edit).split('\n')];
  return {
    out: before.filter((line) => !after.includes(line)),
    in: after.filter((line) => !before.includes(line)),
  };
}

describe('editing one entry of a study file', () => {
  it('changes a value and leaves the comment on its line, its neighbours and every other line', () => {
    expect(difference(writeAt(text, ['task', 'modulus'], '31'))).toStrictEqual({
      out: ['task: { kind: modular-addition, modulus: 7 }   # prime'],
      in: ['task: { kind: modular-addition, modulus: 31 }   # prime'],
    });
    expect(difference(writeAt(text, ['optimizer', 'weightDecay'], '1e-5'))).toStrictEqual({
      out: ['  weightDecay: 5e-4 # eta'],
      in: ['  weightDecay: 1e-5 # eta'],
    });
  });

  it('adds an entry as its mapping is written: a line of its own, or inside the braces', () => {
    expect(difference(writeAt(text, ['optimizer', 'learningRate'], '0.01')).in).toStrictEqual([
      '  learningRate: 0.01',
    ]);
    expect(edited(writeAt(text, ['optimizer', 'learningRate'], '0.01'))).toContain(
      '  weightDecay: 5e-4 # eta\n  learningRate: 0.01\n\nepochs',
    );
    expect(difference(writeAt(text, ['conditions', 'control', 'epochs'], '9')).in).toStrictEqual([
      '  control: { optimizer: { weightDecay: 0 }, epochs: 9 }   # without',
    ]);
    expect(difference(writeAt(text, ['conditions', 'grokking', 'epochs'], '9')).in).toStrictEqual([
      '  grokking: { epochs: 9 }',
    ]);
    expect(difference(writeAt(text, ['conditions', 'plain', 'optimizer', 'kind'], 'sgd')).in).toStrictEqual([
      '  plain: { optimizer: { kind: sgd } }',
    ]);
  });

  it('puts a new key of the file where the format has it', () => {
    const order = ['study', 'description', 'task', 'split', 'network', 'optimizer', 'epochs', 'seeds'];
    const lines = edited(writeAt(text, ['split'], { train: '30' }, order)).split('\n');
    expect(lines[lines.indexOf('split: { train: 30 }') - 1]).toMatch(/^task:/);
    expect(edited(writeAt('epochs: 4\n', ['study'], 'A', order), 'epochs: 4\n')).toBe(
      'study: A\nepochs: 4\n',
    );
  });

  it('replaces a list with dashes, an off, and a mapping as a whole', () => {
    expect(parse(edited(writeAt(text, ['seeds'], '0..4')))).toMatchObject({ seeds: '0..4' });
    expect(edited(writeAt(text, ['seeds'], '0..4'))).toMatch(/\nseeds: 0\.\.4\n# The end\.\n$/);
    const off = 'probes:\n  gram: off # slow\n';
    expect(edited(writeAt(off, ['probes', 'gram', 'every'], '5'), off)).toBe(
      'probes:\n  gram: { every: 5 } # slow\n',
    );
    expect(edited(writeAt(text, ['optimizer'], { kind: 'sgd' }))).toContain(
      '\noptimizer: { kind: sgd } # eta\n',
    );
  });

  it('removes an entry with its line, or from between its neighbours in braces', () => {
    expect(difference(removeAt(text, ['optimizer', 'weightDecay']))).toStrictEqual({
      out: ['  weightDecay: 5e-4 # eta'],
      in: [],
    });
    expect(difference(removeAt(text, ['task', 'kind'])).in).toStrictEqual(['task: { modulus: 7 }   # prime']);
    expect(difference(removeAt(text, ['task', 'modulus'])).in).toStrictEqual([
      'task: { kind: modular-addition }   # prime',
    ]);
    expect(difference(removeAt(text, ['conditions', 'control', 'optimizer'])).in).toStrictEqual([
      '  control: {}   # without',
    ]);
    expect(difference(removeAt(text, ['conditions', 'deep', 'optimizer', 'weightDecay'])).in).toStrictEqual([
      '    optimizer: {}',
    ]);
    expect(parse(edited(removeAt(text, ['conditions', 'deep'])))).not.toHaveProperty('conditions.deep');
  });

  it('renames a key and nothing else', () => {
    expect(difference(renameAt(text, ['conditions', 'control'], 'no decay')).in).toStrictEqual([
      '  no decay: { optimizer: { weightDecay: 0 } }   # without',
    ]);
  });

  it('writes JSON into JSON', () => {
    const json = '{\n  "study": "A",\n  "task": { "modulus": 7 }\n}\n';
    const longer = edited(writeAt(json, ['epochs'], '40'), json);
    expect(JSON.parse(longer)).toStrictEqual({ study: 'A', task: { modulus: 7 }, epochs: 40 });
    expect(longer).toContain('},\n  "epochs": 40\n}');
    expect(JSON.parse(edited(writeAt(json, ['task', 'kind'], 'modular-addition'), json)).task).toStrictEqual({
      modulus: 7,
      kind: 'modular-addition',
    });
    expect(JSON.parse(edited(writeAt(json, ['study'], 'B: "c"'), json)).study).toBe('B: "c"');
  });

  it('edits nothing in a text that does not parse, nor through an alias', () => {
    expect(writeAt('task: { modulus: 7\nepochs: 4', ['epochs'], '5')).toBeNull();
    expect(writeAt('a: &x { b: 1 }\nc: *x\n', ['c', 'b'], '5')).toBeNull();
  });

  it('begins a file that is empty', () => {
    expect(parse(edited(writeAt('# mine\n', ['study'], 'A'), '# mine\n'))).toStrictEqual({ study: 'A' });
  });

  it('writes any word so that it is read back as itself, changing no other value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          ['study'],
          ['task', 'modulus'],
          ['optimizer', 'kind'],
          ['conditions', 'plain'],
          ['new'],
        ),
        fc.string({ unit: 'grapheme' }).filter((word) => word.trim() !== ''),
        (path, word) => {
          const after: unknown = parse(edited(writeAt(text, path, word)));
          const expected: unknown = parse(text);
          const [key, inner] = path;
          const read = Object(after)[key];
          expect(String(inner === undefined ? read : read[inner])).toBe(
            Number.isFinite(Number(word)) ? String(Number(word)) : word.trim(),
          );
          delete Object(after)[key];
          delete Object(expected)[key];
          expect(after).toStrictEqual(expected);
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });
});
