import { formatSetting } from '#shared/report/format-number.ts';
import { replayProbe, replaySettings } from '../../../core/replay-probe.ts';
import { resolveEngine } from '../../../core/inspect-engines.ts';
import { patience } from '../../../core/patience.ts';
import { watchTrainers } from '../../../core/watched-trainers.ts';
import { nodeTrainers } from '../../node-trainers.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { runId } from '../run-id.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

/** `replay RUN --epoch N`: the probe at any epoch, computed again from the seed. */
export function replayRun(
  terminal: Terminal,
  text: string,
  options: LabOption & { readonly epoch: number; readonly json: boolean },
): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, async (store) => {
    const run = store.runs.get(runId(text));
    const trainers = watchTrainers(nodeTrainers, patience);
    const { engine } = await resolveEngine(trainers, run.provenance?.engine ?? 'auto');
    // What cannot be is said before that it trains.
    replaySettings(run, options.epoch);
    terminal.say(`Training ${run.condition} seed ${run.seed} to epoch ${options.epoch} on ${engine} ...`);
    const { result, stored } = await replayProbe({ store, trainers }, run, engine, options.epoch);
    const ridges = result.ridges.map(({ ridge, top, random, identityDeviation, meanDiagonal }) => ({
      ridge,
      similarPairRepulsion: top.opposite,
      negativeGivenPositiveCosine: top.negativeGivenPositive,
      randomPairRepulsion: random.opposite,
      medianAbsoluteB: top.medianAbsolute,
      meanDiagonalB: meanDiagonal,
      identityDeviation,
    }));
    if (options.json) {
      terminal.print(JSON.stringify({ run: run.id, epoch: result.epoch, ridges, stored }, null, 2));
      return exitCodes.done;
    }
    terminal.print(`run ${run.id}, ${run.condition} seed ${run.seed}, epoch ${result.epoch}`);
    for (const found of ridges) {
      const from = found.ridge.borrowedFrom === null ? '' : ` of ${found.ridge.borrowedFrom}`;
      terminal.print(
        `ridge ${found.ridge.name}${from} = ${formatSetting(found.ridge.value)}: similar pairs repel ${found.similarPairRepulsion.toFixed(3)}, random pairs ${found.randomPairRepulsion.toFixed(3)}, P(B<0 | cos>0) ${found.negativeGivenPositiveCosine.toFixed(3)}, identity deviation ${found.identityDeviation.toExponential(1)}`,
      );
    }
    terminal.print(
      stored === 'none'
        ? 'No probe is stored at this epoch.'
        : stored === 'identical'
          ? 'Identical, bit for bit, to the stored probe.'
          : 'DIFFERENT from the stored probe: another engine version or machine?',
    );
    return exitCodes.done;
  });
}
