/**
 * What a key is completed to, by its path; `${...}` are the places one tabs through. A key that is not here is completed to itself and
 * a colon. Numbers are those of the quick study, so that what is inserted can be trained in seconds.
 */
export const snippets: ReadonlyMap<string, string> = new Map([
  ['task', 'task: { kind: modular-addition, modulus: ${31} }'],
  ['split', 'split: { train: ${576} }'],
  ['network', 'network: { width: ${512}, activation: ${square} }'],
  ['optimizer', 'optimizer: { kind: ${adam}, learningRate: ${0.002}, weightDecay: ${0.0005} }'],
  ['seeds', 'seeds: ${0..4}'],
  ['conditions', 'conditions:\n  ${grokking}: {}\n  control: { optimizer: { weightDecay: 0 } }'],
  ['sweep', 'sweep:\n  optimizer.weightDecay: [${1e-4, 2e-4, 5e-4}]'],
  ['probes', 'probes:\n  spectrum: { window: ${20}, layers: [W, V] }\n  gram: { every: 1 }'],
  ['probes.spectrum', 'spectrum: { window: ${20}, layers: [W, V] }'],
  ['probes.gram', 'gram: { every: ${1} }'],
  ['probes.gradient', 'gradient: { every: ${1}, pairs: 500 }'],
  ['probes.repulsion', 'repulsion: { epochs: [${0, 100, 200}], pairs: 200, ridge: [published, effective] }'],
  ['detectors', 'detectors:\n  ${grokked}: { kind: level, series: test.accuracy, threshold: ${0.99} }'],
  ['intervals', 'intervals:\n  ${lead}: { from: ${half}, to: ${grokked} }'],
  ['late', 'late: [${180, 220}]'],
  ['published', 'published:\n  source: ${A. Author, arXiv 0000.00000}'],
]);

/** Whole detectors, offered where the name of one is written. */
export const detectorSnippets: readonly {
  readonly name: string;
  readonly does: string;
  readonly text: string;
}[] = [
  {
    name: 'lock-in',
    does: 'when sigma2/sigma3 of W rises fastest',
    text: 'lock-in: { kind: slope, series: spectrum.W.ratio23, lag: 25, threshold: 0.04, from: 100 }',
  },
  {
    name: 'initiation',
    does: 'when rho first reaches 0.075',
    text: 'initiation: { kind: level, series: gram.rho, threshold: 0.075 }',
  },
  {
    name: 'half',
    does: 'when test accuracy first reaches 0.5',
    text: 'half: { kind: level, series: test.accuracy, threshold: 0.5 }',
  },
  {
    name: 'grokked',
    does: 'when test accuracy first reaches 0.99',
    text: 'grokked: { kind: level, series: test.accuracy, threshold: 0.99 }',
  },
];
