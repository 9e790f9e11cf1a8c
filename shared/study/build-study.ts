import type { Study } from '../models/study.ts';
import { borrowRidges, type NamedSettings } from './borrow-ridges.ts';
import { checkSettings } from './check-settings.ts';
import { expandConditions, mostRuns, type Draft } from './expand-conditions.ts';
import { readValue, settingsFormatProblems, studyFormatProblems } from './explain-issues.ts';
import { measuredSeries, readDetectors, readIntervals } from './read-detectors.ts';
import { checkLate, readLate, type ConditionFacts } from './read-late.ts';
import { checkPublished, readPublished } from './read-published.ts';
import { readSeeds } from './read-seeds.ts';
import { settingsShape } from './settings-schema.ts';
import { resolveProbesOf, resolveSettings } from './resolve-settings.ts';
import { nodeAt, shownValue, type MappingNode, type SourceNode } from './source-node.ts';
import { problemAt, tidyProblems, type StudyProblem } from './study-problem.ts';
import { descriptionSchema, nameSchema } from './study-schema.ts';
import { studyWarnings } from './study-warnings.ts';

export type ParsedStudy =
  | {
      readonly ok: true;
      readonly study: Study;
      /** What in it would mislead; it can be started all the same. */
      readonly warnings: readonly StudyProblem[];
    }
  | { readonly ok: false; readonly problems: readonly StudyProblem[] };

/** From a tree to a study. Each part is judged on its own, so that one mistake does not hide the next. */
export function buildStudy(root: SourceNode, source: string): ParsedStudy {
  if (root.kind !== 'mapping') {
    const message = `must be a mapping that starts with study: NAME, got ${shownValue(root)}`;
    return { ok: false, problems: [problemAt(root, message)] };
  }
  const problems: StudyProblem[] = [...studyFormatProblems(root)];
  const { seeds, problems: seedProblems } = readSeeds(nodeAt(root, ['seeds']));
  problems.push(...seedProblems);

  const { drafts, problems: draftProblems } = expandConditions(root);
  problems.push(...draftProblems, ...checkRunCount(root, drafts.length, seeds.length));
  for (const { settings } of drafts) {
    problems.push(...checkSettings(settings), ...settingsFormatProblems(settings));
  }
  const resolved = resolveAll(drafts);
  const { conditions, problems: ridgeProblems } = borrowRidges(resolved);
  if (resolved.length === drafts.length) problems.push(...ridgeProblems);

  const facts = factsOf(drafts);
  const { detectors, names, problems: detectorProblems } = readDetectors(root, facts.measured);
  const intervals = readIntervals(nodeAt(root, ['intervals']), names);
  problems.push(...detectorProblems, ...intervals.problems, ...checkLate(nodeAt(root, ['late']), facts));
  const publishedNode = nodeAt(root, ['published']);
  problems.push(...checkPublished(publishedNode, facts.names, [...names, ...intervals.names]));

  const name = readValue(nodeAt(root, ['study']), nameSchema);
  if (problems.length > 0 || name === undefined || facts.measured === null) {
    return { ok: false, problems: tidyProblems(problems) };
  }
  const study: Study = {
    name,
    description: readValue(nodeAt(root, ['description']), descriptionSchema) ?? '',
    conditions,
    seeds,
    detectors,
    intervals: intervals.intervals,
    late: readLate(nodeAt(root, ['late']), conditions, facts.measured),
    published: readPublished(publishedNode),
    source,
  };
  return { ok: true, study, warnings: studyWarnings(study, root) };
}

function checkRunCount(root: MappingNode, conditions: number, seeds: number): StudyProblem[] {
  const runs = conditions * seeds;
  if (runs <= mostRuns) return [];
  const at = nodeAt(root, ['seeds']) ?? root;
  const product = `${conditions} conditions x ${seeds} seeds = ${runs} runs`;
  return [problemAt(at, `makes ${product}, and a study may have at most ${mostRuns}`)];
}

function resolveAll(drafts: readonly Draft[]): NamedSettings[] {
  return drafts.flatMap(({ name, settings }) => {
    const resolved = resolveSettings(settings);
    return resolved ? [{ name, ...resolved }] : [];
  });
}

function factsOf(drafts: readonly Draft[]): ConditionFacts {
  const epochs = drafts.flatMap(
    ({ settings }) => readValue(nodeAt(settings, ['epochs']), settingsShape.epochs) ?? [],
  );
  const probes = drafts.flatMap(({ settings }) => resolveProbesOf(settings) ?? []);
  return {
    names: drafts.map(({ name }) => name),
    shortest: epochs.length === 0 ? null : Math.min(...epochs),
    measured: probes.length === drafts.length ? measuredSeries(probes) : null,
  };
}
