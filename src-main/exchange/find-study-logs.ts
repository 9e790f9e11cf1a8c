import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { problem } from '#shared/models/problem.ts';

/** How deep below the named folder runs are looked for: DIR/STUDY/CONDITION/RUN. */
const depth = 3;

const shape = 'A study log is a folder with log.jsonl and config.json; name it, or a folder of such folders';

/**
 * The folders at or below `folder` that hold a log or a config, in the natural order of their names.
 * @throws import-invalid when it is no folder or there are none
 */
export function findStudyLogs(folder: string): string[] {
  const root = resolve(folder);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw problem('import-invalid', `${root}: is not a folder. ${shape}.`);
  }
  const found = search(root, depth);
  if (found.length > 0) return found;
  const bare = readdirSync(root).find((name) => /\.jsonl(\.gz)?$/.test(name));
  const hint =
    bare === undefined ? '' : ` ${bare} has no config.json beside it, so nothing says what it trained.`;
  throw problem('import-invalid', `${root}: holds no study logs.${hint} ${shape}.`);
}

function search(folder: string, below: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'log.jsonl' || entry.name === 'config.json')) return [folder];
  if (below === 0) return [];
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted(new Intl.Collator('en', { numeric: true }).compare)
    .flatMap((name) => search(join(folder, name), below - 1));
}
