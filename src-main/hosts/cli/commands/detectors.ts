import { ProblemError, problem } from '#shared/models/problem.ts';
import type { Study } from '#shared/models/study.ts';
import { lateChange } from '#shared/study/change-scoring.ts';
import { parseStudyWithOverrides } from '#shared/study/override.ts';
import { formatProblem, parseStudy } from '#shared/study/parse-study.ts';
import { sameScoring } from '#shared/study/scoring.ts';
import { writeScoring } from '#shared/study/write-detectors.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { findStudy } from './find-study.ts';
import { withLab, withTrainingLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

interface DetectorsOptions extends LabOption {
  /** `detectors.half.threshold=0.3`, `late.range=[200,400]`; none only prints what there is. */
  readonly set: readonly string[];
}

const parts = ['detectors', 'intervals', 'late'];

/** `detectors STUDY`: what a stored study scores its runs by, as a study file writes it; `--set` changes it, and trains nothing. */
export function studyDetectors(terminal: Terminal, name: string, options: DetectorsOptions): Promise<number> {
  return options.set.length === 0
    ? showDetectors(terminal, name, options)
    : setDetectors(terminal, name, options);
}

function showDetectors(terminal: Terminal, name: string, options: LabOption): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, (store) => {
    terminal.print(writeScoring(store.studies.find(name).study).trimEnd());
    return exitCodes.done;
  });
}

function setDetectors(terminal: Terminal, name: string, options: DetectorsOptions): Promise<number> {
  return withTrainingLab(terminal, options, async (lab) => {
    const { id } = findStudy(await lab.listStudies(), name);
    const { study: before } = await lab.study(id);
    const { study: wanted, warnings } = changed(before, options.set);
    const { detectors, intervals, late } = wanted;
    const { study } = await lab.setDetectors(id, {
      detectors,
      intervals: { ...intervals },
      late: lateChange(late),
    });
    terminal.say(
      sameScoring(before, study)
        ? `${study.name} has them already.`
        : `${study.name} keeps these; its runs are scored anew.`,
    );
    for (const warning of warnings) terminal.say(`Warning: ${warning}`);
    terminal.print(writeScoring(study).trimEnd());
    return exitCodes.done;
  });
}

/** The study as its file would be under `--set`; of anything but its scoring nothing may be said. With what is new to warn of. */
function changed(
  study: Study,
  overrides: readonly string[],
): { readonly study: Study; readonly warnings: readonly string[] } {
  for (const override of overrides) {
    const [part = ''] = override.split(/[.=]/, 1);
    if (!parts.includes(part.trim()))
      throw problem(
        'bad-argument',
        `--set ${override}: only ${parts.join(', ')} of a stored study can change, such as detectors.half.threshold=0.3; everything else would be another study: change its file and run that.`,
      );
  }
  const own = parseStudy(study.source, study.name);
  if (!own.ok || !sameScoring(own.study, study))
    throw problem(
      'bad-argument',
      `The text of "${study.name}" does not say what it is scored by (it was made with --set, or writes it through an alias): change its detectors in the window.`,
    );
  const parsed = parseStudyWithOverrides(study.source, study.name, overrides);
  if (parsed.ok) {
    const known = new Set(own.warnings.map(({ message }) => message));
    const fresh = parsed.warnings.filter(({ message }) => !known.has(message));
    return { study: parsed.study, warnings: fresh.map(formatProblem) };
  }
  throw new ProblemError(
    parsed.problems.map((found) => ({ code: 'bad-argument', message: formatProblem(found) })),
  );
}
