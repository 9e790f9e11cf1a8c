import { z } from 'zod';
import { type ActivationName, activationNames } from '#shared/science/activation-name.ts';

/** What a study log's config.json says of its run. */
export type LogConfig = z.infer<typeof configSchema>;

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

const count = (least: number): z.ZodNumber => z.int().min(least);

const configSchema = z
  .object({
    M: count(2),
    K: count(1),
    n_train: count(1),
    eta: z.number().min(0),
    lr: z.number().positive(),
    epochs: count(1),
    seed: z.int().min(0).max(4294967295),
    window: count(3).nullable().default(null),
    activation: z.preprocess(
      (name) => (typeof name === 'string' ? (spellings[name.toLowerCase()] ?? name.toLowerCase()) : name),
      z.enum(activationNames),
    ),
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
  const lines = text.split('\n');
  return parsed.error.issues.map((issue) => {
    const field = issue.path.join('.');
    const line = lines.findIndex((content) => content.includes(JSON.stringify(field))) + 1;
    const got =
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([key]) => key === field)
        : undefined;
    const shown = got === undefined ? 'it is missing' : `got ${JSON.stringify(got[1])}`;
    return `${file}:${Math.max(line, 1)} ${field || 'config'}: ${issue.message}, ${shown}`;
  });
}
