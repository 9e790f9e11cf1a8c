import type { Study } from '#shared/models/study.ts';
import { formatProblem, parseStudy } from '#shared/study/parse-study.ts';

/** The example of interface.md, word for word. */
export const headlineText = `study: Headline
task: { kind: modular-addition, modulus: 71 }
split: { train: 2016 }                 # a count, or { fraction: 0.4 }
network: { width: 2048, activation: square }
optimizer: { kind: adam, learningRate: 0.001, weightDecay: 0.0002 }
epochs: 400
seeds: 0..14                           # or [0, 3, 7]
conditions:                            # each overrides the base; a \`sweep:\` of path -> values makes them by product
  grokking: {}
  control: { optimizer: { weightDecay: 0 } }
probes:
  spectrum: { window: 20, layers: [W, V] }
  gram: { every: 1 }
  gradient: { every: 1, pairs: 500 }
  repulsion: { epochs: [0, 50, 100, 175, 250, 300], pairs: 200, ridge: [published, effective] }
detectors:
  lock-in:    { kind: slope, series: spectrum.W.ratio23, lag: 25, threshold: 0.04, from: 100 }
  initiation: { kind: level, series: gram.rho, threshold: 0.075 }
  grokked:    { kind: level, series: test.accuracy, threshold: 0.99 }
late: [200, 400]
`;

/** The least a study needs: six lines, so that a line added behind it is line 7. */
export const smallText = `study: Small
task: { kind: modular-addition, modulus: 5 }
split: { train: 10 }
network: { width: 8 }
epochs: 20
seeds: 3
`;

/** A study that must parse; otherwise its problems are the error. */
export function studyOf(text: string): Study {
  const parsed = parseStudy(text, 'x.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.study;
}

/** What is wrong with a text that must not parse, one line each. */
export function problemsOf(text: string): string[] {
  const parsed = parseStudy(text, 'x.yaml');
  if (parsed.ok) throw new Error(`parsed without a problem:\n${text}`);
  return parsed.problems.map(formatProblem);
}
