import { describe, expect, it } from 'vitest';
import { placeInText } from '../../../src-renderer/editor/place-in-text.ts';

/** The place at the mark `|` of a text, and the word before it. */
function at(marked: string) {
  const position = marked.indexOf('|');
  const place = placeInText(marked.replace('|', ''), position);
  return place && { path: place.path.join('/'), slot: place.slot, word: marked.slice(place.from, position) };
}

describe('where in a study a position of its text is', () => {
  it('is a key of the file at the left margin', () => {
    expect(at('study: A\nep|')).toStrictEqual({ path: '', slot: 'key', word: 'ep' });
    expect(at('|')).toStrictEqual({ path: '', slot: 'key', word: '' });
    expect(at('optimizer:\n  kind: sgd\n|')).toStrictEqual({ path: '', slot: 'key', word: '' });
  });

  it('is a key of the mapping whose lines are indented less', () => {
    const text = 'probes:\n  spectrum:\n    window: 20\n  ';
    expect(at(`${text}|`)).toStrictEqual({ path: 'probes', slot: 'key', word: '' });
    expect(at(`${text}  la|`)).toStrictEqual({ path: 'probes/spectrum', slot: 'key', word: 'la' });
    expect(at('conditions:\n  rho-0.1 (b):\n    optimizer:\n      |')).toMatchObject({
      path: 'conditions/rho-0.1 (b)/optimizer',
    });
  });

  it('is a value behind a colon', () => {
    expect(at('network:\n  activation: sq|')).toStrictEqual({
      path: 'network/activation',
      slot: 'value',
      word: 'sq',
    });
    expect(at('epochs: |')).toStrictEqual({ path: 'epochs', slot: 'value', word: '' });
  });

  it('is found inside braces, over several lines, and behind closed ones', () => {
    expect(at('network: { width: 5, act|')).toStrictEqual({ path: 'network', slot: 'key', word: 'act' });
    expect(at('network: { width: 5, activation: |')).toStrictEqual({
      path: 'network/activation',
      slot: 'value',
      word: '',
    });
    expect(at('conditions:\n  control: { optimizer: {\n  weightDecay: 0, | } }')).toStrictEqual({
      path: 'conditions/control/optimizer',
      slot: 'key',
      word: '',
    });
    expect(at('probes: { spectrum: { layers: [W, |')).toStrictEqual({
      path: 'probes/spectrum/layers',
      slot: 'value',
      word: '',
    });
    expect(at('task: { kind: modular-addition }\nsp|')).toMatchObject({ path: '', slot: 'key' });
  });

  it('is an entry of a list that is written with dashes', () => {
    expect(at('late:\n  separation:\n    - gr|')).toStrictEqual({
      path: 'late/separation',
      slot: 'value',
      word: 'gr',
    });
    expect(at('published:\n  notes:\n  - |')).toMatchObject({ path: 'published/notes', slot: 'value' });
  });

  it('reads JSON, whose keys have quotes', () => {
    expect(at('{\n  "study": "A",\n  "network": { "wid|" } }')).toStrictEqual({
      path: 'network',
      slot: 'key',
      word: 'wid',
    });
    expect(at('{ "network": { "activation": "sq|')).toStrictEqual({
      path: 'network/activation',
      slot: 'value',
      word: 'sq',
    });
  });

  it('is nowhere in a comment, and a # or a bracket inside text is neither', () => {
    expect(at('# ep|')).toBeNull();
    expect(at('epochs: 20 # of|')).toBeNull();
    expect(at('study: "a # { b"\nep|')).toMatchObject({ path: '', slot: 'key' });
    expect(at('study: what [if\nep|')).toMatchObject({ path: '', slot: 'key' });
  });
});
