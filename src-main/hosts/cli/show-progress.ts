import type { Run } from '#shared/models/run.ts';
import type { StudyPlan } from '../../core/run-study.ts';
import type { RunEvent } from '../../core/train-run.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

interface ActiveRun {
  readonly condition: string;
  readonly seed: number;
  epoch: number;
  readonly epochs: number;
  testAccuracy: number;
  phase: string | undefined;
}

/** Turns the events of a study's runs into the progress display. */
export function showProgress(
  terminal: Terminal,
  plan: StudyPlan,
): { hear(event: RunEvent): void; failed(): number; finish(): void } {
  const progress = createProgress(terminal.messages, () => performance.now());
  const active = new Map<number, ActiveRun>();
  let runsDone = 0;
  let runsFailed = 0;
  let rowsDone = 0;
  progress.start({ runs: plan.due.length, rows: plan.due.reduce((rows, run) => rows + rowsOf(run), 0) });

  function hear(event: RunEvent): void {
    const run = active.get(event.run.id);
    switch (event.type) {
      case 'rows':
        rowsDone += event.count;
        if (run)
          Object.assign(run, { epoch: event.epoch, testAccuracy: event.testAccuracy, phase: undefined });
        break;
      case 'probing':
        if (run) run.phase = `repulsion at epoch ${event.epoch}`;
        break;
      case 'state':
        changeState(event);
        break;
      case 'memory':
        break;
    }
    progress.update({ runsDone, runsFailed, rowsDone, active: [...active.values()].map(visible) });
  }

  function changeState({ run, state, problem }: Extract<RunEvent, { type: 'state' }>): void {
    if (state === 'running') {
      const { condition, seed, settings } = run;
      active.set(run.id, {
        condition,
        seed,
        epoch: 0,
        epochs: settings.epochs,
        testAccuracy: NaN,
        phase: undefined,
      });
      return;
    }
    const ended = active.get(run.id);
    active.delete(run.id);
    if (state === 'finished') runsDone++;
    if (state === 'failed') {
      runsFailed++;
      // Its remaining rows will never come; counting them would keep the bar from its end.
      rowsDone += rowsOf(run) - (ended ? ended.epoch + 1 : 0);
      progress.message(`${run.condition} seed ${run.seed} failed: ${problem ?? 'no reason given'}`);
    }
  }

  return { hear, failed: () => runsFailed, finish: () => progress.finish() };
}

function rowsOf(run: Run): number {
  return run.settings.epochs + 1;
}

function visible({ phase, ...run }: ActiveRun): Omit<ActiveRun, 'phase'> & { phase?: string } {
  return phase === undefined ? run : { ...run, phase };
}
