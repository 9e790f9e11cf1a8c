import { planStudy } from '../../../core/run-study.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import { trainPlan } from './run.ts';
import type { TrainOptions } from './run.ts';

/** `resume [STUDY]`: train what is missing of stored studies; no report. */
export function resumeStudies(
  terminal: Terminal,
  name: string | undefined,
  options: TrainOptions,
): Promise<number> {
  return withLab(terminal, options, async (store) => {
    const records = name === undefined ? store.studies.list() : [store.studies.find(name)];
    if (records.length === 0) terminal.say(`${store.path} has no studies yet; \`run quick\` makes one.`);
    let worst: number = exitCodes.done;
    for (const { study, file } of records) {
      const code = await trainPlan(terminal, store, study, planStudy(store, study, file), options);
      if (code === exitCodes.interrupted) return code;
      worst = Math.max(worst, code);
    }
    return worst;
  });
}
