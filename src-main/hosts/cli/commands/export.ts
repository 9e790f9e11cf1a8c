import { exporters } from '../../../core/export-target.ts';
import type { ExportFormat } from '../../../core/export-target.ts';
import type { LabStore } from '../../../store/lab-store.ts';
import { counted } from '../counted.ts';
import { exitCodes, resolvePath } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

export const exportFormats = Object.keys(exporters);

interface ExportOptions extends LabOption {
  readonly format: ExportFormat;
  readonly out: string;
  readonly force: boolean;
}

/** `export STUDY|RUN`: a whole number is a run, anything else names a study. */
export function exportTarget(terminal: Terminal, name: string, options: ExportOptions): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, async (store) => {
    const { target, words } = /^\d+$/.test(name) ? oneRun(store, Number(name)) : oneStudy(store, name);
    const out = resolvePath(terminal, options.out);
    const { files, rows, notes } = await exporters[options.format](store, target, out, {
      force: options.force,
    });
    for (const file of files) terminal.print(file);
    for (const note of notes) terminal.say(note);
    // Elsewhere a number is a study's: which of the two it was stands here.
    terminal.say(`${counted(rows, 'row')} of ${words} in ${counted(files.length, 'file')}.`);
    return exitCodes.done;
  });
}

function oneRun(store: LabStore, id: number) {
  const { condition, seed } = store.runs.get(id);
  return { target: { kind: 'run', id }, words: `run ${id} (${condition}, seed ${seed})` } as const;
}

function oneStudy(store: LabStore, named: string) {
  const { id, name } = store.studies.find(named);
  return { target: { kind: 'study', id }, words: `the study "${name}"` } as const;
}
