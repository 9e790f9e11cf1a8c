import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Preset } from '#shared/models/lab.ts';
import { parseStudy } from '#shared/study/parse-study.ts';

const folder = path.resolve(import.meta.dirname, '../../assets/studies');

/** How a published work is cited, and a program is not. */
const isPaper = /\b(arXiv|doi)\b/i;

export function presetNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.basename(file, '.yaml'))
    .toSorted();
}

export function presetFile(name: string): string {
  return path.join(folder, `${name}.yaml`);
}

/** The studies that come with the lab, the quick one first. */
export function readPresets(): Preset[] {
  const presets = presetNames().map((name) => {
    const text = readFileSync(presetFile(name), 'utf8');
    const parsed = parseStudy(text, `${name}.yaml`);
    if (!parsed.ok) throw new Error(`the preset ${name} does not parse: ${parsed.problems[0].message}`);
    const { name: title, description, published } = parsed.study;
    return {
      name,
      title,
      description,
      text,
      paper: published && isPaper.test(published.source) ? published.source : null,
    };
  });
  return presets.toSorted((left, right) => Number(right.name === 'quick') - Number(left.name === 'quick'));
}
