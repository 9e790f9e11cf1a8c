import { describe, expect, it } from 'vitest';
import { trainingIdentity } from '#shared/study/training-identity.ts';
import { headlineText, studyOf } from './study-text.ts';

const identity = (text: string) => trainingIdentity(studyOf(text).conditions);

describe('the training identity', () => {
  it.each([
    ['study: Headline', 'study: Another'],
    ['seeds: 0..14', 'seeds: [3]'],
    ['late: [200, 400]', 'late: [100, 300]'],
    ['threshold: 0.04', 'threshold: 0.05'],
    ['learningRate: 0.001, weightDecay: 0.0002', 'weightDecay: 2e-4'],
    ['layers: [W, V]', 'layers: [V, W]'],
    ['[0, 50, 100,', '[100, 50, 0,'],
    ['width: 2048, activation: square', 'activation: square, width: 2048'],
  ])('does not change with %s -> %s', (from, to) => {
    expect(headlineText).toContain(from);
    expect(identity(headlineText.replace(from, to))).toBe(identity(headlineText));
  });

  it.each([
    ['modulus: 71', 'modulus: 73'],
    ['train: 2016', 'train: 2017'],
    ['activation: square', 'activation: cube'],
    ['weightDecay: 0.0002', 'weightDecay: 0.0003'],
    ['epochs: 400', 'epochs: 401'],
    ['window: 20', 'window: 21'],
    ['gram: { every: 1 }', 'gram: { every: 2 }'],
    ['gram: { every: 1 }', 'gram: { every: 1, later: { from: 60, every: 5 } }'],
    ['[0, 50, 100,', '[0, 51, 100,'],
    ['ridge: [published, effective]', 'ridge: [published]'],
  ])('changes with %s -> %s', (from, to) => {
    expect(headlineText).toContain(from);
    expect(identity(headlineText.replace(from, to))).not.toBe(identity(headlineText));
  });

  it('does not depend on the order of the conditions', () => {
    const { conditions } = studyOf(headlineText);
    expect(trainingIdentity(conditions.toReversed())).toBe(trainingIdentity(conditions));
  });
});
