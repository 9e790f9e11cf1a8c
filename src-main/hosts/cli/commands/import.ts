import { importFrom } from '../../../core/import-from.ts';
import { counted } from '../counted.ts';
import { exitCodes, resolvePath } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

/** `import PATH`: a folder of study logs, or another lab's file. */
export function importPath(terminal: Terminal, from: string, options: LabOption): Promise<number> {
  return withLab(terminal, options, (store) => {
    const { studyIds, runs, notes } = importFrom(store, resolvePath(terminal, from));
    for (const note of notes) terminal.say(note);
    const names = studyIds.map((id) => `"${store.studies.get(id).name}"`).join(', ');
    terminal.print(
      `${counted(runs, 'run')} came into ${names === '' ? 'no new study' : `the study ${names}`} of ${store.path}.`,
    );
    return exitCodes.done;
  });
}
