import { runStates } from '#shared/models/run.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

/** `list`: a line a study. */
export function listStudies(
  terminal: Terminal,
  options: LabOption & { readonly json: boolean },
): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, (store) => {
    const studies = store.studies.list().map(({ id, name, createdAt, file, study }) => {
      const runs = store.runs.list({ studyId: id });
      const states = runStates
        .map((state) => ({ state, count: runs.filter((run) => run.state === state).length }))
        .filter(({ count }) => count > 0);
      return {
        id,
        name,
        createdAt,
        file,
        conditions: study.conditions.length,
        seeds: study.seeds.length,
        runs: runs.length,
        states,
      };
    });
    if (options.json) terminal.print(JSON.stringify({ lab: store.path, studies }, null, 2));
    else if (studies.length === 0) terminal.say(`${store.path} has no studies yet; \`run quick\` makes one.`);
    else {
      const width = Math.max(...studies.map(({ name }) => name.length));
      for (const { id, name, states, createdAt } of studies) {
        const summary = states.map(({ state, count }) => `${count} ${state}`).join(', ');
        terminal.print(
          `${String(id).padStart(4)}  ${name.padEnd(width)}  ${createdAt.slice(0, 16).replace('T', ' ')}  ${summary}`,
        );
      }
    }
    return exitCodes.done;
  });
}
