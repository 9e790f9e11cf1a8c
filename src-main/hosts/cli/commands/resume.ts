import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { findStudy } from './find-study.ts';
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
