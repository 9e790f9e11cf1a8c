import type { Study } from '../models/study.ts';
import { measureRun } from '../report/measure-run.ts';
import type { MeasuredRun } from '../report/measured-run.ts';
import { figureKinds, headlineKind } from './figure-kinds.ts';
import type { FigureKind } from './figure-kinds.ts';
import type { Figure } from './figure.ts';
import { repulsionLines, repulsionPoints } from './repulsion-lines.ts';
import { measuredIn, studyFigure } from './study-figures.ts';
import type { FigureRun } from './study-figures.ts';

/** Every figure a study has, the headline first. */
export function kindsOf(study: Study): readonly FigureKind[] {
  const measured = measuredIn(study);
  const headline = headlineKind(measured);
  return [...(headline ? [headline] : []), ...figureKinds(measured)];
}

/** Figures of stored runs, as the window draws them. */
export function measuredFigures(
  study: Study,
  runs: readonly MeasuredRun[],
  kinds: readonly FigureKind[],
): Figure[] {
  const scores = new Map(runs.map((run) => [run.id, measureRun(study, run)]));
  const lines = runs.map(figureRun);
  return kinds.map((kind) => studyFigure(kind, study, lines, scores));
}

function figureRun({ id, condition, seed, series, repulsion }: MeasuredRun): FigureRun {
  const probes = repulsionLines(repulsion.flatMap(repulsionPoints));
  return { id, condition, seed, series: (name) => probes.get(name) ?? series(name) };
}
