import { problem } from '#shared/models/problem.ts';
import type { StudySummary } from '#shared/models/lab.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withTrainingLab } from './open-lab.ts';
import { trainStudy } from './run.ts';
import type { TrainOptions } from './run.ts';

/** `resume [STUDY]`: train what is missing of stored studies; no report. */
export function resumeStudies(
  terminal: Terminal,
  name: string | undefined,
  options: TrainOptions,
): Promise<number> {
  return withTrainingLab(terminal, options, async (lab) => {
    const all = (await lab.listStudies()).toReversed();
    if (all.length === 0)
      terminal.say(`${(await lab.info()).path} has no studies yet; \`run quick\` makes one.`);
    let worst: number = exitCodes.done;
    for (const study of name === undefined ? all : [findStudy(all, name)]) {
      const code = await trainStudy(terminal, lab, study, options.engine);
      if (code === exitCodes.interrupted) return code;
      worst = Math.max(worst, code);
    }
    return worst;
  });
}

function findStudy(studies: readonly StudySummary[], name: string): StudySummary {
  const lower = name.toLowerCase();
  const found =
    studies.find((study) => study.name === name) ??
    studies.find((study) => String(study.id) === name) ??
    studies.find((study) => study.name.toLowerCase().startsWith(lower));
  if (found) return found;
  const names = studies.map((study) => study.name).join(', ');
  throw problem('not-found', `There is no study "${name}"; there are: ${names || 'none'}.`);
}
