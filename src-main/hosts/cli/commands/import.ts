import { importStudyLogs } from '../../../exchange/import-study-logs.ts';
import { exitCodes, resolvePath } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

/** `import DIR`: study logs become a study of finished runs. */
export function importFolder(terminal: Terminal, folder: string, options: LabOption): Promise<number> {
  return withLab(terminal, options, (store) => {
    const { study, runs, skipped } = importStudyLogs(store, resolvePath(terminal, folder));
    for (const { path, reason } of skipped) terminal.say(`Skipped ${path}: ${reason}`);
    terminal.print(`${runs.length} runs are in the study "${study.name}" of ${store.path}.`);
    return exitCodes.done;
  });
}
