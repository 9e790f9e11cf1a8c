import { explainDetector, explainLate, explanations } from './explanations.ts';
import { fireSection, lateSection, separationSection } from './fire-sections.ts';
import { absent, formatEpoch, formatRatio, formatSeeds, formatShare } from './format-number.ts';
import type { ConditionReport, ControlCrossing, Report, ReportRun } from './report.ts';
import { identitySection, repulsionSections } from './repulsion-sections.ts';
import { smoothnessSection, spectrumSection } from './spectrum-sections.ts';
import { numberColumn, type ReportDocument, type Section, tableOf, textColumn } from './table.ts';

/** The report as titled tables with their sentences; sections without numbers are left out. */
export function reportDocument(report: Report): ReportDocument {
  const sections: (Section | null)[] = [
    runsSection(report),
    unfinishedSection(report),
    fireSection(
      report,
      'Fire epochs',
      'detector',
      (condition) => condition.detectors,
      Object.entries(report.detectors).map(([name, detector]) =>
        [
          `${name}: ${explainDetector(detector)}`,
          ...(report.caveats.detectors[name] ?? []),
          ...fromTheStart(report, name),
        ].join('. '),
      ),
      explanations.fires,
    ),
    crossingsSection(report),
    fireSection(
      report,
      'Intervals',
      'interval',
      (condition) => condition.intervals,
      Object.entries(report.intervals).map(([name, { from, to }]) => `${name}: from ${from} to ${to}`),
      explanations.intervals,
    ),
    lateSection(report, explainLate(report.late)),
    separationSection(report),
    smoothnessSection(report),
    spectrumSection(report),
    ...repulsionSections(report),
    identitySection(report),
    seedsSection(report),
  ];
  return {
    title: report.study,
    lead: leadLines(report),
    sections: sections.filter((section) => section !== null),
  };
}

function leadLines(report: Report): string[] {
  const finished = report.runs.filter((run) => run.state === 'finished');
  const engines = [...new Set(finished.map((run) => run.engine).filter((engine) => engine !== null))];
  // Those of its runs: the lab can hold more than the file asks for today, and an exported run fewer.
  const seeds = report.runs.length === 0 ? report.seeds : seedsOf(report.runs);
  const lines = report.description.trim() === '' ? [] : [report.description.trim()];
  lines.push(
    `${finished.length} of ${report.runs.length} runs finished: ${report.conditions.length} ` +
      `${report.conditions.length === 1 ? 'condition' : 'conditions'}, ` +
      `${seeds.length === 1 ? 'seed' : 'seeds'} ${formatSeeds(seeds)}` +
      `${engines.length > 0 ? `, engine ${engines.join(' and ')}` : ''}.`,
  );
  if (report.published) {
    lines.push(`Published: ${report.published.source}. ${explanations.published}`, ...report.published.notes);
  }
  return lines;
}

function seedsOf(runs: Report['runs']): number[] {
  return [...new Set(runs.map(({ seed }) => seed))].toSorted((a, b) => a - b);
}

function runsSection(report: Report): Section | null {
  const table = tableOf<ConditionReport>(
    [
      textColumn('condition', (condition) => condition.name),
      numberColumn('finished', (condition) => `${condition.n}/${planned(condition)}`),
      numberColumn('train accuracy', (condition) => formatShare(condition.final.trainAccuracy)),
      numberColumn('test accuracy', (condition) => formatShare(condition.final.testAccuracy)),
      numberColumn('seconds a run', (condition) => formatRatio(condition.medianSeconds)),
    ],
    report.conditions,
  );
  return table && { title: 'Runs', table, notes: [], explanation: explanations.runs, detail: false };
}

function planned(condition: ConditionReport): number {
  return condition.n + condition.failed + condition.unfinished;
}

/** Runs that failed or have not finished, one line for all seeds of a condition that share the state and the reason. */
function unfinishedSection(report: Report): Section | null {
  const groups = Object.values(
    Object.groupBy(
      report.runs.filter((run) => run.state !== 'finished'),
      (run) => JSON.stringify([run.condition, run.state, run.problem]),
    ),
  ).filter((group) => group !== undefined);
  const table = tableOf<readonly ReportRun[]>(
    [
      textColumn('condition', ([run]) => run.condition),
      textColumn('seeds', (runs) => formatSeeds(runs.map((run) => run.seed))),
      textColumn('state', ([run]) => run.state),
      textColumn('reason', ([run]) => run.problem ?? absent),
    ],
    groups,
  );
  return table && { title: 'Not finished', table, notes: [], explanation: '', detail: false };
}

/** Where a detector fires at the first epoch it looks at, nothing was seen to cross. */
function fromTheStart({ runs, atOnce }: Report, name: string): string[] {
  const scored = runs.filter(({ state, detectors }) => state === 'finished' && name in detectors);
  return (atOnce[name] ?? []).map(
    ({ epoch, runs: count }) =>
      `In ${count} of ${scored.length} runs it is so at epoch ${epoch} already, where it first looks`,
  );
}

function crossingsSection(report: Report): Section | null {
  const table = tableOf<ControlCrossing>(
    [
      textColumn('condition', (crossing) => crossing.condition),
      textColumn('detector', (crossing) => crossing.detector),
      numberColumn('seed', (crossing) => String(crossing.seed)),
      numberColumn('epoch', (crossing) => formatEpoch(crossing.epoch)),
    ],
    report.crossings,
  );
  return (
    table && {
      title: 'Controls that crossed a slope threshold',
      table,
      notes: crossingCounts(report),
      explanation: explanations.crossings,
      detail: false,
    }
  );
}

function crossingCounts(report: Report): string[] {
  return report.conditions
    .filter((condition) => report.crossings.some((crossing) => crossing.condition === condition.name))
    .flatMap((condition) =>
      Object.entries(condition.detectors)
        .filter(([name]) => report.detectors[name].kind === 'slope')
        .flatMap(([name, { measured }]) =>
          measured ? [`${condition.name}, ${name}: ${countOfControls(measured)}`] : [],
        ),
    );
}

function countOfControls({ fired, n }: { readonly fired: number; readonly n: number }): string {
  const count = `${fired} of ${n} runs`;
  return fired > 1 && 2 * fired >= n ? `${count}. ${explanations.manyCrossings}` : count;
}

/** Every run with what each detector said of it. */
function seedsSection(report: Report): Section | null {
  const table = tableOf<ReportRun>(
    [
      textColumn('condition', (run) => run.condition),
      numberColumn('seed', (run) => String(run.seed)),
      textColumn('state', (run) => run.state),
      ...Object.keys(report.detectors).map((name) =>
        numberColumn<ReportRun>(name, (run) => formatEpoch(run.detectors[name] ?? null)),
      ),
      numberColumn('late', (run) => formatRatio(run.late)),
      numberColumn('test accuracy', (run) => formatShare(run.final.testAccuracy)),
    ],
    report.runs,
  );
  return (
    table && {
      title: 'Run by run',
      table,
      notes: [],
      explanation: 'A dash under a detector: it did not fire in the rows there are.',
      detail: true,
    }
  );
}
