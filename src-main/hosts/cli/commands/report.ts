import { buildReport } from '#shared/report/build-report.ts';
import { renderMarkdown } from '#shared/report/render-markdown.ts';
import { renderText } from '#shared/report/render-text.ts';
import { reportJson } from '#shared/report/run-json.ts';
import { measuredRuns } from '../../../core/measured-runs.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

export const reportFormats = ['text', 'json', 'markdown'] as const;

interface ReportOptions extends LabOption {
  readonly format: (typeof reportFormats)[number];
  readonly json: boolean;
}

/** `report STUDY`: from stored rows alone, so a changed detector re-scores at once. */
export function reportStudy(terminal: Terminal, name: string, options: ReportOptions): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, (store) => {
    const { id, study } = store.studies.find(name);
    const report = buildReport(study, measuredRuns(store, id));
    switch (options.json ? 'json' : options.format) {
      case 'json':
        terminal.print(JSON.stringify(reportJson(report), null, 2));
        break;
      case 'markdown':
        terminal.print(renderMarkdown(report));
        break;
      case 'text':
        terminal.print(renderText(report, { width: terminal.width, color: terminal.color }));
        break;
    }
    return exitCodes.done;
  });
}
