import type { LabEvent, RunSummary } from '#shared/models/lab.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import type { TrainingLab } from './training-lab.ts';

interface ActiveRun {
  readonly condition: string;
  readonly seed: number;
  epoch: number;
  readonly epochs: number;
  testAccuracy: number;
  phase: string | undefined;
}

/** Shows the events of these runs as progress, until `finish`. */
export function showProgress(
  terminal: Terminal,
  lab: Pick<TrainingLab, 'subscribe'>,
  due: readonly RunSummary[],
): { failed(): number; finish(): void } {
  const progress = createProgress(terminal.messages, () => performance.now());
  const runs = new Map(due.map((run) => [run.id, run]));
  const active = new Map<number, ActiveRun>();
  let runsDone = 0;
  let runsFailed = 0;
  // A run that goes on from its checkpoint brings the rows it has.
  const rows = new Map(due.map((run) => [run.id, run.rows]));
  progress.start({ runs: due.length, rows: due.reduce((rows, run) => rows + run.settings.epochs + 1, 0) });

  function hear(event: LabEvent): void {
    if (event.type === 'notice') progress.message(event.message);
    if (!('runId' in event)) return;
    const run = runs.get(event.runId);
    if (!run) return;
    const shown = active.get(run.id);
    if (event.type === 'run') changeState(run, event);
    else if (event.type === 'rows') {
      const epoch = event.firstEpoch + event.count - 1;
      // Not added up: a run that had to start again from its seed sends rows that were counted before.
      rows.set(run.id, epoch + 1);
      if (shown) Object.assign(shown, { epoch, testAccuracy: event.testAccuracy, phase: undefined });
    } else if (event.type === 'probing' && shown) shown.phase = `repulsion at epoch ${event.epoch}`;
    const rowsDone = [...rows.values()].reduce((sum, count) => sum + count, 0);
    progress.update({ runsDone, runsFailed, rowsDone, active: [...active.values()].map(visible) });
  }

  function changeState(run: RunSummary, { state, problem }: Extract<LabEvent, { type: 'run' }>): void {
    const { condition, seed, settings } = run;
    const shown = active.get(run.id);
    if (state === 'running') {
      const known = shown ?? { condition, seed, epoch: 0, epochs: settings.epochs, testAccuracy: NaN };
      active.set(run.id, { ...known, phase: undefined });
      return;
    }
    if (state === 'interrupted') {
      if (shown) shown.phase = 'starting again';
      if (problem) progress.message(`${condition} seed ${seed}: ${problem}`);
      return;
    }
    active.delete(run.id);
    if (state === 'finished') runsDone++;
    if (state === 'failed') {
      runsFailed++;
      // Its remaining rows will never come; counting them would keep the bar from its end.
      rows.set(run.id, settings.epochs + 1);
      progress.message(`${condition} seed ${seed} failed: ${problem ?? 'no reason given'}`);
    }
  }

  const unsubscribe = lab.subscribe(hear);
  return {
    failed: () => runsFailed,
    finish: () => {
      unsubscribe();
      progress.finish();
    },
  };
}

function visible({ phase, ...run }: ActiveRun): Omit<ActiveRun, 'phase'> & { phase?: string } {
  return phase === undefined ? run : { ...run, phase };
}
