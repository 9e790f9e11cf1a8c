import type { LogConfig } from './read-log-config.ts';

/** One run's folder and what it says of itself. */
export interface LogSummary {
  readonly folder: string;
  readonly config: LogConfig;
  /** Columns its log has, without `epoch`. */
  readonly columns: readonly string[];
  readonly rows: number;
}

export interface NamedCondition {
  readonly name: string;
  readonly config: LogConfig;
  readonly logs: readonly LogSummary[];
}

/** What tells conditions apart; all of a config but its seed and tag. */
const fields = ['M', 'K', 'n_train', 'activation', 'eta', 'lr', 'epochs', 'window', 'optimizer'] as const;

/**
 * Runs that differ in nothing but the seed are one condition. Its name is their tag; or, where every seed has a tag of its own
 * (g0, g1, g2), what is left without the seed; or else what sets it apart from the other conditions (`eta=0`).
 */
export function nameConditions(logs: readonly LogSummary[]): NamedCondition[] {
  const groups = groupBy(logs, (log) => JSON.stringify(fields.map((field) => log.config[field])));
  const conditions = groups.flatMap((group) => {
    const stem = seedlessTag(group);
    return stem === null
      ? groupBy(group, tagOf).map((same) => named(conditionName(tagOf(same[0])), same))
      : [named(conditionName(stem), group)];
  });
  const told = fields.filter(
    (field) => new Set(conditions.map(({ config }) => worded(config, field))).size > 1,
  );
  const shared = new Set(
    conditions.map(({ name }) => name).filter((name, index, names) => names.indexOf(name) !== index),
  );
  return conditions.map((condition) => {
    if (condition.name !== '' && !shared.has(condition.name)) return condition;
    const settings = told.map((field) => `${field}=${worded(condition.config, field)}`);
    return { ...condition, name: [condition.name, ...settings].filter(Boolean).join(' ') || 'base' };
  });
}

/** A field as a name has it. */
function worded(config: LogConfig, field: (typeof fields)[number]): string {
  return String(field === 'optimizer' ? (config.optimizer?.kind ?? 'adam') : config[field]);
}

function named(name: string, logs: readonly LogSummary[]): NamedCondition {
  return { name, config: logs[0].config, logs };
}

function tagOf(log: LogSummary): string {
  return (log.config.tag ?? '').trim();
}

/** A tag may hold anything; a condition's name has the letters that `namePattern` of the study file allows. */
function conditionName(tag: string): string {
  const allowed = tag.replaceAll(/[^\p{L}\p{N} ._+=()-]+/gu, '_').replace(/^[^\p{L}\p{N}]+/u, '');
  return allowed.slice(0, 80).trimEnd();
}

/** The common beginning of tags that differ, each ending in its own seed; null when they are not such tags. */
function seedlessTag(logs: readonly LogSummary[]): string | null {
  if (new Set(logs.map(tagOf)).size < 2) return null;
  const stems = new Set(
    logs.map((log) => {
      const seed = String(log.config.seed);
      const tag = tagOf(log);
      return tag.endsWith(seed) ? tag.slice(0, -seed.length).replace(/[-_ .]*(seed|s)?[-_ .=]*$/i, '') : null;
    }),
  );
  const [stem] = stems;
  return stems.size === 1 && stem !== undefined ? stem : null;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()];
}
