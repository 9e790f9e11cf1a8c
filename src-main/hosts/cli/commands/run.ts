import { once } from 'node:events';
import type { EngineChoice, StudySummary } from '#shared/models/lab.ts';
import { renderText } from '#shared/report/render-text.ts';
import { runJson } from '#shared/report/run-json.ts';
import { formatProblem } from '#shared/study/parse-study.ts';
import { readStudyText } from '../../../core/check-study.ts';
import { counted } from '../counted.ts';
import { onInterrupt } from '../interrupt.ts';
import { readStudyFile } from '../read-study.ts';
import { showProgress } from '../show-progress.ts';
import { shellWord } from '../shell-word.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import type { TrainingLab } from '../training-lab.ts';
import { studyWord } from './find-study.ts';
import { withTrainingLab } from './open-lab.ts';
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
  const file = readStudyFile(terminal, name);
  // Before a lab is opened, or made: a file with errors starts nothing.
  const { warnings } = readStudyText(file.text, file.file, options.set);
  for (const warning of warnings) terminal.say(`Warning: ${formatProblem(warning)}`);
  return withTrainingLab(terminal, options, async (lab) => {
    const study = await lab.createStudy(file, options.set);
    const code = await trainStudy(terminal, lab, study, options.engine);
    if (code === exitCodes.interrupted) return code;
    const report = await lab.report(study.id);
    const { path } = await lab.info();
    terminal.print(
      options.json
        ? JSON.stringify(runJson(report, path), null, 2)
        : renderText(report, { width: terminal.width, color: terminal.color }),
    );
    return code;
  });
}

/** Trains a stored study to its end, with progress on the messages' stream. @returns the exit code */
export async function trainStudy(
  terminal: Terminal,
  lab: TrainingLab,
  { id, name }: StudySummary,
  engine: EngineChoice,
): Promise<number> {
  const { path, workers } = await lab.info();
  const runs = await lab.listRuns(id);
  const finished = runs.filter((run) => run.state === 'finished');
  const due = runs.filter((run) => run.state !== 'finished');
  if (due.length === 0) {
    terminal.say(
      `${name}: ${finished.length === 1 ? 'its run is' : `all ${finished.length} runs are`} in ${path}; nothing to train.`,
    );
    return exitCodes.done;
  }
  const there = finished.length > 0 ? ` (${finished.length} are there already)` : '';
  terminal.say(
    `${name}: training ${counted(due.length, 'run')}${there}, ${Math.min(workers, due.length)} at once`,
  );
  terminal.say(`Lab: ${path}`);
  const progress = showProgress(terminal, lab, due);
  const { signal, release } = onInterrupt(() =>
    terminal.say(
      lab.attached ? 'No longer watching.' : 'Stopping; what is trained is kept. Once more ends at once.',
    ),
  );
  const stopped = once(signal, 'abort').then(() => (lab.attached ? undefined : lab.pauseStudy(id)));
  try {
    await lab.startStudy(id, engine);
    await Promise.race([lab.settled(id), stopped]);
  } finally {
    release();
    progress.finish();
  }
  if (!signal.aborted) return progress.failed() > 0 ? exitCodes.runFailed : exitCodes.done;
  terminal.say(
    lab.attached
      ? `The other host goes on training "${name}".`
      : `Stopped. To go on: the same command again, or \`resume ${studyWord(await lab.listStudies(), id)} --lab ${shellWord(path)}\`.`,
  );
  return exitCodes.interrupted;
}
