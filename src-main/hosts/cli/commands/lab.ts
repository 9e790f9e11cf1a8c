import { existsSync } from 'node:fs';
import { problem } from '#shared/models/problem.ts';
import { exportLab } from '../../../exchange/export-lab.ts';
import type { LabExportTarget } from '../../../exchange/export-lab.ts';
import { checkLab } from '../../../store/check-lab.ts';
import { repairLab } from '../../../store/repair-lab.ts';
import type { LabStore } from '../../../store/lab-store.ts';
import { counted } from '../counted.ts';
import { exitCodes, resolvePath } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { runId } from '../run-id.ts';
import { labPath, withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

/** `lab check`: reads every number of the lab. Exit 1 when something is wrong. */
export function checkLabFile(terminal: Terminal, options: LabOption & { readonly json: boolean }): number {
  const path = labPath(terminal, options);
  if (!existsSync(path)) throw problem('bad-argument', `${path}: there is no such lab file to check.`);
  const found = checkLab(path);
  if (options.json) {
    terminal.print(JSON.stringify(found, null, 2));
    return found.sound ? exitCodes.done : exitCodes.runFailed;
  }
  for (const finding of found.findings) terminal.print(finding);
  const size = `${counted(found.studies, 'study', 'studies')}, ${counted(found.runs, 'run')}, ${counted(found.rows, 'row')}`;
  if (found.sound) terminal.print(`${found.path} is sound: ${size}.`);
  // Of a newer lab, or one that cannot be read at all, the finding says what to do.
  else if (found.studies + found.runs > 0)
    terminal.say(
      `\`lab repair\` brings what can be read (${size}) into a new file and leaves this one as it is.`,
    );
  return found.sound ? exitCodes.done : exitCodes.runFailed;
}

/** `lab repair`: what can be read goes into a new lab; the damaged one is not touched. */
export function repairLabFile(terminal: Terminal, options: LabOption & { readonly out?: string }): number {
  const out = options.out === undefined ? undefined : resolvePath(terminal, options.out);
  const { original, repaired, recovered, lost } = repairLab(labPath(terminal, options), out);
  for (const sentence of lost) terminal.print(`Lost: ${sentence}`);
  terminal.print(
    `${counted(recovered.studies, 'study', 'studies')} and ${counted(recovered.runs, 'run')} are in ${repaired}; ${lost.length === 0 ? 'nothing was lost' : 'what was lost stands above'}. The damaged lab is kept: ${original}`,
  );
  return exitCodes.done;
}

interface ExportLabOptions extends LabOption {
  readonly study?: string;
  readonly run?: string;
  readonly force: boolean;
}

/** `lab export FILE`: one run, one study, or everything, as a lab of its own. */
export function exportLabTo(terminal: Terminal, file: string, options: ExportLabOptions): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, (store) => {
    const exported = exportLab(store, targetOf(store, options), resolvePath(terminal, file), {
      force: options.force,
    });
    terminal.print(
      `${counted(exported.studies, 'study', 'studies')} and ${counted(exported.runs, 'run')} are in ${exported.file}.`,
    );
    return exitCodes.done;
  });
}

function targetOf(store: LabStore, { study, run }: ExportLabOptions): LabExportTarget {
  if (run !== undefined) return { kind: 'run', id: store.runs.get(runId(run)).id };
  if (study !== undefined) return { kind: 'study', id: store.studies.find(study).id };
  return { kind: 'lab' };
}
