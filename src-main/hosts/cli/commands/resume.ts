import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withCore } from './open-lab.ts';
import { trainStudy } from './run.ts';
import type { TrainOptions } from './run.ts';

/** `resume [STUDY]`: train what is missing of stored studies; no report. */
export function resumeStudies(
  terminal: Terminal,
  name: string | undefined,
  options: TrainOptions,
): Promise<number> {
  return withCore(terminal, options, async (core) => {
    const studies = name === undefined ? core.listStudies({}).toReversed() : [core.findStudy(name)];
    if (studies.length === 0)
      terminal.say(`${core.info().path} has no studies yet; \`run quick\` makes one.`);
    let worst: number = exitCodes.done;
    for (const study of studies) {
      const code = await trainStudy(terminal, core, study, options.engine);
      if (code === exitCodes.interrupted) return code;
      worst = Math.max(worst, code);
    }
    return worst;
  });
}
