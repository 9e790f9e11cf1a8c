import os from 'node:os';
import type { EngineName } from '#shared/models/run.ts';
import type { Study } from '#shared/models/study.ts';
import { buildReport } from '#shared/report/build-report.ts';
import { renderText } from '#shared/report/render-text.ts';
import { runJson } from '#shared/report/run-json.ts';
import { resolveEngine } from '../../../core/inspect-engines.ts';
import type { EngineChoice } from '#shared/models/lab.ts';
import { measuredRuns } from '../../../core/measured-runs.ts';
import { planStudy, runStudy } from '../../../core/run-study.ts';
import type { StudyPlan } from '../../../core/run-study.ts';
import type { LabStore } from '../../../store/lab-store.ts';
import { nodeTrainers } from '../../node-trainers.ts';
import { onInterrupt } from '../interrupt.ts';
import { readStudy } from '../read-study.ts';
import { showProgress } from '../show-progress.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
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
  return withLab(terminal, options, async (store) => {
    const plan = planStudy(store, study, file);
    const code = await trainPlan(terminal, store, study, plan, options);
    if (code === exitCodes.interrupted) return code;
    const report = buildReport(study, measuredRuns(store, plan.studyId));
    terminal.print(
      options.json
        ? JSON.stringify(runJson(report, store.path), null, 2)
        : renderText(report, { width: terminal.width, color: terminal.color }),
    );
    return code;
  });
}

/** Trains a plan with progress on the messages' stream. @returns the exit code */
export async function trainPlan(
  terminal: Terminal,
  store: LabStore,
  study: Study,
  plan: StudyPlan,
  options: TrainOptions,
): Promise<number> {
  if (plan.due.length === 0) {
    terminal.say(`${study.name}: all ${plan.finished.length} runs are in ${store.path}; nothing to train.`);
    return exitCodes.done;
  }
  const { engine, version } = await resolveEngine(nodeTrainers, options.engine);
  const workers = Math.min(options.workers ?? os.availableParallelism(), plan.due.length);
  announce(terminal, store, study, plan, `${engine} (${version})`, workers);
  warnOfMixedEngines(terminal, plan, engine);
  const progress = showProgress(terminal, plan);
  const { signal, release } = onInterrupt(() =>
    terminal.say('Stopping; finished runs are kept. Once more ends at once.'),
  );
  try {
    await runStudy(plan, { store, trainers: nodeTrainers, engine, workers, onEvent: progress.hear, signal });
  } finally {
    release();
    progress.finish();
  }
  if (signal.aborted) {
    terminal.say(
      `Stopped. To go on: the same command again, or \`resume "${study.name}" --lab ${store.path}\`.`,
    );
    return exitCodes.interrupted;
  }
  return progress.failed() > 0 ? exitCodes.runFailed : exitCodes.done;
}

function announce(
  terminal: Terminal,
  store: LabStore,
  study: Study,
  plan: StudyPlan,
  engine: string,
  workers: number,
): void {
  const there = plan.finished.length > 0 ? ` (${plan.finished.length} are there already)` : '';
  terminal.say(`${study.name}: training ${plan.due.length} runs${there}, ${workers} at once, on ${engine}`);
  terminal.say(`Lab: ${store.path}`);
}

function warnOfMixedEngines(terminal: Terminal, plan: StudyPlan, engine: EngineName): void {
  const others = plan.finished.filter((run) => run.provenance !== null && run.provenance.engine !== engine);
  if (others.length === 0) return;
  terminal.say(
    `Note: ${others.length} finished runs of this study were trained with ${others[0].provenance?.engine}; they are kept. To compare engines, train into another --lab.`,
  );
}
