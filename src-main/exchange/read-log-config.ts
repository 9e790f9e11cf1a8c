import { z } from 'zod';
import { type ActivationName, activationNames } from '#shared/science/activation-name.ts';
import { kindSettings } from '#shared/science/optimizer-settings.ts';
import { settingDefaults } from '#shared/study/setting-defaults.ts';
import { settingsSchema } from '#shared/study/settings-schema.ts';

/** What a study log's config.json says of its run. */
export type LogConfig = z.infer<typeof configSchema>;

/** The optimizer of a config that names none: that of the study's scripts. */
export const impliedOptimizer = kindSettings({ ...settingDefaults, kind: 'adam' });

/** Other spellings of our activations, as the study and its readers write them. */
const spellings: Readonly<Record<string, ActivationName>> = {
  'x^2': 'square',
  x2: 'square',
  sqr: 'square',
  quadratic: 'square',
  relusqr: 'relu-square',
  relu2: 'relu-square',
  'relu^2': 'relu-square',
  relu_square: 'relu-square',
  'x^3': 'cube',
  x3: 'cube',
  'x^4': 'quartic',
  x4: 'quartic',
};

/** What each field is and may be, as a refusal says it. */
const fields = {
  M: 'the modulus, a whole number of 2 or more',
  K: "the network's width, a whole number of 1 or more",
  n_train: 'the number of training pairs, a whole number of 1 or more',
  eta: 'the weight decay, a number of 0 or more',
  lr: 'the learning rate, a number above 0',
  epochs: 'the last epoch, a whole number of 1 or more',
  seed: 'the seed, a whole number in 0..4294967295',
  window: "the spectrum's window, a whole number of 3 or more, or null for none",
  activation: `the activation, one of ${activationNames.join(', ')}`,
  optimizer: 'what a study file has of the optimizer, for another than adam',
  tag: 'a text that tells this run from others of its settings',
} as const;

const isField = (name: string): name is keyof typeof fields => name in fields;

const configSchema = z
  .object({
    M: z.int().min(2),
    K: z.int().min(1),
    n_train: z.int().min(1),
    eta: z.number().min(0),
    lr: z.number().positive(),
    epochs: z.int().min(1),
    seed: z.int().min(0).max(4294967295),
    window: z.int().min(3).nullable().default(null),
    activation: z.preprocess(
      (name) => (typeof name === 'string' ? (spellings[name.toLowerCase()] ?? name.toLowerCase()) : name),
      z.enum(activationNames),
    ),
    optimizer: settingsSchema.shape.optimizer,
    tag: z
      .union([z.string(), z.number().transform(String)])
      .nullable()
      .default(''),
  })
  .refine((config) => config.n_train < config.M ** 2, {
    path: ['n_train'],
    message: 'must be less than M^2, the number of pairs',
  });

/** @returns the config, or every problem in it as `file:line field: what is wrong` */
export function readLogConfig(text: string, file: string): LogConfig | readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [`${file}: is not JSON (${error instanceof Error ? error.message : String(error)})`];
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${file}:1 must be an object with the fields ${Object.keys(fields).join(', ')}`];
  const given = new Map<string, unknown>(Object.entries(value));
  const lines = text.split('\n');
  return parsed.error.issues.map(({ path, code, message }) => {
    const field = path.join('.');
    const line = lines.findIndex((content) => content.includes(JSON.stringify(path.at(-1)))) + 1;
    const at = `${file}:${Math.max(line, 1)} ${field}:`;
    // Of the optimizer a study file's schema speaks, in sentences of its own.
    if (path.length > 1) return `${at} ${message}, got ${JSON.stringify(valueAt(value, path))}`;
    const wanted = isField(field) ? fields[field] : message;
    if (!given.has(field)) return `${at} is missing: add ${wanted}`;
    const must = code === 'custom' ? message : `must be ${wanted}`;
    return `${at} ${must}, got ${JSON.stringify(given.get(field))}`;
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return typeof value === 'object' && value !== null ? valueAt(Reflect.get(value, key), rest) : undefined;
}
