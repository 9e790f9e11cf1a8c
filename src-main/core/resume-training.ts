import { ProblemError } from '#shared/models/problem.ts';
import type { EngineChoice, LabEvent } from '#shared/models/lab.ts';
import type { LabStore } from '../store/lab-store.ts';

export interface Starters {
  /** Both: whether there is anything to train. */
  readonly beginStudy: (id: number, engine: EngineChoice) => Promise<boolean>;
  readonly beginRun: (id: number, engine: EngineChoice) => Promise<boolean>;
}

/**
 * Goes on with what trained when the host before this one ended, each with the engine it had. One that cannot go on is told, and keeps no other.
 * @returns the names of those that do
 */
export async function resumeTraining(
  store: LabStore,
  emit: (event: LabEvent) => void,
  { beginStudy, beginRun }: Starters,
): Promise<string[]> {
  const resumed: string[] = [];
  const resume = async (name: string, start: () => Promise<boolean>): Promise<void> => {
    try {
      if (await start()) resumed.push(name);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      emit({ type: 'notice', level: 'error', message: `${name} does not go on: ${error.message}` });
    }
  };
  for (const { id, name, training } of store.studies.list()) {
    if (training !== null) await resume(name, () => beginStudy(id, training));
  }
  for (const { run, engine } of store.runs.listTraining()) {
    const { studyName } = store.table.row(run.id);
    const name = `${studyName} (${run.condition}, seed ${run.seed})`;
    await resume(name, () => beginRun(run.id, engine));
  }
  return resumed;
}
