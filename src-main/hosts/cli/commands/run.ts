import type { EngineChoice, StudySummary } from '#shared/models/lab.ts';
import { renderText } from '#shared/report/render-text.ts';
import { runJson } from '#shared/report/run-json.ts';
import type { LocalCore } from '../../../core/create-core.ts';
import { onInterrupt } from '../interrupt.ts';
import { readStudy } from '../read-study.ts';
import { showProgress } from '../show-progress.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withCore } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

export interface TrainOptions extends LabOption {
  readonly engine: EngineChoice;
  readonly workers?: number;
}

interface RunOptions extends TrainOptions {
  readonly set: readonly string[];
  readonly json: boolean;
}

/** `run STUDY`: train what is missing, print the report. */
export async function runStudyFile(terminal: Terminal, name: string, options: RunOptions): Promise<number> {
  const { study, file } = readStudy(terminal, name, options.set);
  return withCore(terminal, options, async (core) => {
    const summary = core.addStudy(study, file);
    const code = await trainStudy(terminal, core, summary, options.engine);
    if (code === exitCodes.interrupted) return code;
    const report = core.report(summary.id);
    terminal.print(
      options.json
        ? JSON.stringify(runJson(report, core.info().path), null, 2)
        : renderText(report, { width: terminal.width, color: terminal.color }),
    );
    return code;
  });
}

/** Trains a stored study to its end, with progress on the messages' stream. @returns the exit code */
export async function trainStudy(
  terminal: Terminal,
  core: LocalCore,
  { id, name }: StudySummary,
  engine: EngineChoice,
): Promise<number> {
  const { path, workers } = core.info();
  const { runs } = core.listRuns({ studyId: id });
  const finished = runs.filter((run) => run.state === 'finished');
  const due = runs.filter((run) => run.state !== 'finished');
  if (due.length === 0) {
    terminal.say(`${name}: all ${finished.length} runs are in ${path}; nothing to train.`);
    return exitCodes.done;
  }
  const there = finished.length > 0 ? ` (${finished.length} are there already)` : '';
  terminal.say(`${name}: training ${due.length} runs${there}, ${Math.min(workers, due.length)} at once`);
  terminal.say(`Lab: ${path}`);
  const progress = showProgress(terminal, core, due);
  const { signal, release } = onInterrupt(() =>
    terminal.say('Stopping; what is trained is kept. Once more ends at once.'),
  );
  signal.addEventListener('abort', () => void core.pauseStudy(id));
  try {
    await core.startStudy(id, { engine });
    await core.settled(id);
  } finally {
    release();
    progress.finish();
  }
  if (signal.aborted) {
    terminal.say(`Stopped. To go on: the same command again, or \`resume "${name}" --lab ${path}\`.`);
    return exitCodes.interrupted;
  }
  return progress.failed() > 0 ? exitCodes.runFailed : exitCodes.done;
}
