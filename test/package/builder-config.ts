import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const root = path.resolve(import.meta.dirname, '../..');

const association = z.looseObject({ ext: z.union([z.string(), z.array(z.string())]) });

/** What the tests look at; electron-builder checks the rest. */
const configuration = z.looseObject({
  directories: z.looseObject({ output: z.string() }),
  files: z.array(z.string()),
  asar: z.boolean(),
  asarUnpack: z.array(z.string()),
  publish: z.null(),
  fileAssociations: z.array(association),
  linux: z.looseObject({ target: z.array(z.string()), mimeTypes: z.array(z.string()) }),
  mac: z.looseObject({ target: z.array(z.string()), fileAssociations: z.array(association) }),
  win: z.looseObject({ target: z.array(z.string()) }),
  nsis: z.looseObject({ perMachine: z.boolean(), include: z.string() }),
});

export function builderConfig(): z.infer<typeof configuration> {
  return configuration.parse(parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')));
}
