import { type RunLogEntry, describeEntry, missingEntries, stateWords } from '#shared/models/run-log.ts';
import { measureRun } from '#shared/report/measure-run.ts';
import { measuredRun } from '../../../core/measured-runs.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { runId } from '../run-id.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

/** `show RUN`: one run by its number. */
export function showRun(
  terminal: Terminal,
  text: string,
  options: LabOption & { readonly json: boolean },
): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, (store) => {
    const run = store.runs.get(runId(text));
    const { restarts } = store.table.row(run.id);
    const { name, study } = store.studies.get(run.studyId);
    const { detectors, intervals, late } = measureRun(study, measuredRun(store, run));
    const last = Object.fromEntries(
      store.series
        .names(run.id)
        .map((series) => [series, finiteOrNull(store.series.read(run.id, series).at(-1))]),
    );
    const probes = store.probes.list(run.id).map(({ epoch }) => epoch);
    const log = store.runs.log(run.id);
    if (options.json) {
      terminal.print(
        JSON.stringify(
          { study: name, ...run, restarts, detectors, intervals, late, last, probes, log },
          null,
          2,
        ),
      );
      return exitCodes.done;
    }
    const { provenance, settings } = run;
    terminal.print(
      [
        `run ${run.id}   ${name} / ${run.condition}, seed ${run.seed}   ${run.state}${run.problem ? `: ${run.problem}` : ''}`,
        `rows ${run.rows} of ${settings.epochs + 1}   ${run.seconds.toFixed(1)} s${restarts > 0 ? `   trainer restarted ${restarts === 1 ? 'once' : `${restarts} times`}` : ''}`,
        provenance
          ? `${provenance.engine} (${provenance.engineVersion}), ${provenance.threads} thread, ${provenance.platform}, Node ${provenance.nodeVersion}, grokscope ${provenance.appVersion}`
          : 'imported: no provenance',
        `settings ${JSON.stringify(settings)}`,
        `fires at ${pairs(detectors)}`,
        ...(Object.keys(intervals).length > 0 ? [`intervals ${pairs(intervals)}`] : []),
        `late ${study.late.series} over ${study.late.range.join('..')}: ${late ?? '-'}`,
        `repulsion probes at ${probes.length > 0 ? probes.join(', ') : '-'}`,
        ...logLines(log),
        'last row',
        ...Object.entries(last).map(([series, value]) => `  ${series.padEnd(32)} ${value ?? '-'}`),
      ].join('\n'),
    );
    return exitCodes.done;
  });
}

function logLines(log: readonly RunLogEntry[]): string[] {
  if (log.length === 0) return ['log: none, the run has not changed since its lab keeps one'];
  const missing = missingEntries(log);
  const words = stateWords(log);
  const width = Math.max(...words.map(({ length }) => length));
  return [
    'log',
    ...(missing === null ? [] : [`  ${missing}`]),
    ...log.map((entry, at) => `  ${entry.at}  ${words[at].padEnd(width)}  ${describeEntry(entry)}`),
  ];
}

function pairs(values: Readonly<Record<string, number | null>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value ?? '-'}`)
    .join(', ');
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
