import { runStates } from '#shared/models/run.ts';
import { padText, textWidth } from '#shared/report/text-width.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

type ListOptions = LabOption & { readonly json: boolean };

/** `list`: a line a study; `list STUDY`: a line a run, with the number that other commands know it by. */
export function listLab(
  terminal: Terminal,
  study: string | undefined,
  options: ListOptions,
): Promise<number> {
  return study === undefined ? listStudies(terminal, options) : listRuns(terminal, study, options);
}

function listRuns(terminal: Terminal, name: string, options: ListOptions): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, (store) => {
    const study = store.studies.find(name);
    const runs = store.runs.list({ studyId: study.id }).map((run) => ({
      id: run.id,
      condition: run.condition,
      seed: run.seed,
      state: run.state,
      rows: run.rows,
      epochs: run.settings.epochs,
    }));
    if (options.json)
      terminal.print(JSON.stringify({ lab: store.path, study: study.name, id: study.id, runs }, null, 2));
    else {
      const width = Math.max(0, ...runs.map(({ condition }) => textWidth(condition)));
      for (const { id, condition, seed, state, rows, epochs } of runs)
        terminal.print(
          `${String(id).padStart(4)}  ${padText(condition, width)}  seed ${String(seed).padEnd(4)}  ${state.padEnd(11)}  ${rows}/${epochs + 1} rows`,
        );
    }
    return exitCodes.done;
  });
}

function listStudies(terminal: Terminal, options: ListOptions): Promise<number> {
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
      const width = Math.max(...studies.map(({ name }) => textWidth(name)));
      for (const { id, name, states, createdAt } of studies) {
        const summary = states.map(({ state, count }) => `${count} ${state}`).join(', ');
        terminal.print(
          `${String(id).padStart(4)}  ${padText(name, width)}  ${createdAt.slice(0, 16).replace('T', ' ')}  ${summary}`,
        );
      }
    }
    return exitCodes.done;
  });
}
