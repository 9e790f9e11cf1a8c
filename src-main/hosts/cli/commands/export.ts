import { exporters } from '../../../core/export-target.ts';
import type { ExportFormat } from '../../../core/export-target.ts';
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
    const target = /^\d+$/.test(name)
      ? ({ kind: 'run', id: store.runs.get(Number(name)).id } as const)
      : ({ kind: 'study', id: store.studies.find(name).id } as const);
    const out = resolvePath(terminal, options.out);
    const { files, rows } = await exporters[options.format](store, target, out, { force: options.force });
    for (const file of files) terminal.print(file);
    terminal.say(`${counted(rows, 'row')} in ${counted(files.length, 'file')}.`);
    return exitCodes.done;
  });
}
