import { basename } from 'node:path';
import { stringify } from 'yaml';
import { problem } from '#shared/models/problem.ts';
import type { Study } from '#shared/models/study.ts';
import { formatProblem, parseStudy } from '#shared/study/parse-study.ts';
import type { NamedCondition } from './name-conditions.ts';
import { type LogConfig, impliedOptimizer } from './read-log-config.ts';

/**
 * A study file for imported logs. It is a file like any other: detectors and the late range get their defaults, and
 * `run` trains seeds that the logs lack. Probes are on where some log has their columns.
 */
export function importedStudy(name: string, folder: string, conditions: readonly NamedCondition[]): Study {
  const base = conditions[0].config;
  // What one condition says of its optimizer another would inherit.
  const spelledOut = conditions.some(({ config }) => config.optimizer !== undefined);
  const seeds = new Set(conditions.flatMap(({ logs }) => logs.map(({ config }) => config.seed)));
  const document = {
    study: name,
    description: `Imported from the study logs in ${basename(folder)}`,
    ...settingsOf(base, spelledOut),
    seeds: [...seeds].toSorted((a, b) => a - b),
    conditions: Object.fromEntries(
      conditions.map((condition) => [condition.name, overrides(base, condition.config, spelledOut)]),
    ),
    probes: probesOf(conditions),
  };
  const parsed = parseStudy(stringify(document), `${folder} (as a study file)`);
  if (parsed.ok) return parsed.study;
  throw problem('import-invalid', parsed.problems.map(formatProblem).join('\n'));
}

function settingsOf(config: LogConfig, spelledOut: boolean): Record<string, unknown> {
  const own = config.optimizer ?? (spelledOut ? impliedOptimizer : { kind: 'adam' });
  return {
    task: { kind: 'modular-addition', modulus: config.M },
    split: { train: config.n_train },
    network: { width: config.K, activation: config.activation },
    optimizer: { ...own, learningRate: config.lr, weightDecay: config.eta },
    epochs: config.epochs,
  };
}

/** Only what differs, as a person would write it. */
function overrides(base: LogConfig, own: LogConfig, spelledOut: boolean): Record<string, unknown> {
  const all = settingsOf(own, spelledOut);
  const inherited = settingsOf(base, spelledOut);
  const changed = Object.entries(all).filter(
    ([section, value]) => JSON.stringify(value) !== JSON.stringify(inherited[section]),
  );
  const window =
    own.window === base.window ? [] : [['probes', { spectrum: { window: own.window } }] as const];
  return Object.fromEntries([...changed, ...window]);
}

function probesOf(conditions: readonly NamedCondition[]): Record<string, unknown> {
  const columns = new Set(conditions.flatMap(({ logs }) => logs.flatMap((log) => log.columns)));
  const has = (...names: string[]): boolean => names.some((name) => columns.has(name));
  const layers = ['W', 'V'].filter((layer) =>
    has(`${layer}_sigma1`, `${layer}_gap23`, `${layer}_step_cos_dist`),
  );
  const window = conditions[0].config.window;
  return {
    spectrum: layers.length > 0 && window !== null ? { window, layers } : false,
    gram: has('ftf_diag', 'ftf_off', 'fft_dist_from_ideal') ? { every: 1 } : false,
    gradient: has('gF_norm', 'indep_cos_med') ? { every: 1 } : false,
  };
}
