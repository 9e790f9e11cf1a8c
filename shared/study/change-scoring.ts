import type { z } from 'zod';
import type { Late, Study } from '../models/study.ts';
import { measuredSeries, readDetectors, readIntervals } from './read-detectors.ts';
import { checkLate, readLate } from './read-late.ts';
import { readYaml } from './read-yaml.ts';
import { nodeAt } from './source-node.ts';
import type { Scoring } from './scoring.ts';
import { tidyProblems } from './study-problem.ts';
import type { detectorsSchema, intervalsSchema, lateFields } from './study-schema.ts';

/** As a study file writes them; of what is left out, the study keeps its own. */
export interface ScoringChange {
  readonly detectors: z.infer<typeof detectorsSchema>;
  readonly intervals?: z.infer<typeof intervalsSchema> | undefined;
  readonly late?: z.infer<typeof lateFields> | undefined;
}

export type ChangedScoring =
  | { readonly ok: true; readonly scoring: Scoring }
  /** Each a field and what is wrong with it, as of a study file. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** A study's detectors, intervals and late value after a change, judged as those of a study file are. */
export function changeScoring(study: Study, change: ScoringChange): ChangedScoring {
  const { detectors, intervals = study.intervals, late } = change;
  const wanted = { detectors, intervals, late: { ...lateChange(study.late), ...late } };
  // JSON is YAML: the judges of a file read this as one.
  const tree = readYaml(JSON.stringify(wanted), '');
  if (!tree.ok || tree.root.kind !== 'mapping') return refused(['cannot be read']);
  const { root } = tree;
  const measured = measuredSeries(study.conditions.map(({ settings }) => settings.probes));
  const epochs = study.conditions.map(({ settings }) => settings.epochs);
  const read = readDetectors(root, measured);
  const between = readIntervals(nodeAt(root, ['intervals']), read.names);
  const lateNode = nodeAt(root, ['late']);
  const facts = {
    names: study.conditions.map(({ name }) => name),
    shortest: Math.min(...epochs),
    measured,
  };
  const problems = tidyProblems([...read.problems, ...between.problems, ...checkLate(lateNode, facts)]).map(
    ({ field, message }) => `${field} ${message}`,
  );
  problems.push(...orphans(study, [...read.names, ...between.names]));
  if (problems.length > 0) return refused(problems);
  return {
    ok: true,
    scoring: {
      detectors: read.detectors,
      intervals: between.intervals,
      late: readLate(lateNode, study.conditions, measured),
    },
  };
}

function refused(problems: readonly string[]): ChangedScoring {
  return { ok: false, problems };
}

/** A late value as a change has it: a study of one condition has no separation, and its file none to write. */
export function lateChange({ series, range, separation }: Late): NonNullable<ScoringChange['late']> {
  return { series, range: [...range], ...(separation ? { separation: [...separation] } : {}) };
}

/** Published numbers stand beside the detector or interval of their name; without it they would stand nowhere. */
function orphans({ published }: Study, names: readonly string[]): string[] {
  if (!published) return [];
  const printed = Object.values(published.conditions).flatMap(({ detectors }) => Object.keys(detectors));
  return [...new Set(printed)]
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `detectors must keep "${name}": numbers of ${published.source} are shown beside it; change it, or take them out of the file's \`published\` first`,
    );
}
