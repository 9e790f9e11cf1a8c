import { explanations, isEigenvalue } from './explanations.ts';
import {
  absent,
  formatDifference,
  formatEpoch,
  formatQuartiles,
  formatRange,
  formatRatio,
  formatRatioDifference,
} from './format-number.ts';
import type { ConditionReport, FireReport, LateReport, Report } from './report.ts';
import { numberColumn, type Section, tableOf, textColumn } from './table.ts';

interface FireRow {
  readonly condition: string;
  readonly name: string;
  readonly report: FireReport;
}

/** How many seeds fired and when, for detectors or for intervals between two of them. */
export function fireSection(
  report: Report,
  title: string,
  noun: string,
  reports: (condition: ConditionReport) => Readonly<Record<string, FireReport>>,
  notes: readonly string[],
  explanation: string,
): Section | null {
  const rows = report.conditions.flatMap((condition) =>
    Object.entries(reports(condition)).map(([name, fires]) => ({
      condition: condition.name,
      name,
      report: fires,
    })),
  );
  const compared = rows.some((row) => row.report.published);
  const group = compared ? 'measured' : null;
  const table = tableOf<FireRow>(
    [
      textColumn('condition', (row) => row.condition),
      textColumn(noun, (row) => row.name),
      ...fireColumns((row: FireRow) => row.report.measured, group),
      ...(compared ? fireColumns((row: FireRow) => row.report.published, 'published') : []),
      ...(compared
        ? [numberColumn('difference', (row: FireRow) => formatDifference(row.report.difference, formatEpoch))]
        : []),
    ],
    rows,
  );
  return table && { title, table, notes, explanation, detail: false };
}

function fireColumns<Row>(statistic: (row: Row) => FireReport['published'], group: string | null) {
  const fired = (row: Row): string => {
    const found = statistic(row);
    return found === null || found.fired === null ? absent : `${found.fired}/${found.n ?? '?'}`;
  };
  return [
    numberColumn('fired', fired, group),
    numberColumn('median', (row: Row) => formatEpoch(statistic(row)?.median ?? null), group),
    numberColumn(
      'quartiles',
      (row: Row) => {
        const found = statistic(row);
        return found === null ? absent : formatQuartiles(found.fired, found, formatEpoch);
      },
      group,
    ),
  ];
}

interface LateRow {
  readonly condition: string;
  readonly late: LateReport;
}

export function lateSection(report: Report, explanation: string): Section | null {
  const rows = report.conditions.flatMap(({ name, late }) => (late ? [{ condition: name, late }] : []));
  const compared = rows.some((row) => row.late.published);
  const table = tableOf<LateRow>(
    [
      textColumn('condition', (row) => row.condition),
      numberColumn('n', (row) => (row.late.measured ? String(row.late.measured.n) : absent)),
      ...lateColumns((row: LateRow) => row.late.measured, compared ? 'measured' : null),
      ...(compared ? lateColumns((row: LateRow) => row.late.published, 'published') : []),
      ...(compared
        ? [
            numberColumn('difference', (row: LateRow) =>
              formatRatioDifference(row.late.difference, row.late.published?.median ?? null),
            ),
          ]
        : []),
    ],
    rows,
  );
  const [from, to] = report.late.range;
  const notes = report.caveats.late;
  // Without a value there may still be a reason.
  if (!table && notes.length === 0) return null;
  return {
    title: `Late value: ${report.late.series}, epochs ${from}..${to}`,
    table,
    notes,
    explanation: table ? explanation : '',
    detail: false,
  };
}

function lateColumns<Row>(statistic: (row: Row) => LateReport['published'], group: string | null) {
  return [
    numberColumn('median', (row: Row) => formatRatio(statistic(row)?.median ?? null), group),
    numberColumn(
      'range',
      (row: Row) => formatRange(statistic(row)?.min ?? null, statistic(row)?.max ?? null, formatRatio),
      group,
    ),
  ];
}

export function separationSection(report: Report): Section | null {
  const { separation } = report;
  if (!separation || (separation.measured === null && separation.published === null)) return null;
  const compared = separation.published !== null;
  const table = tableOf(
    [
      textColumn('late medians', () => `${separation.numerator} / ${separation.denominator}`),
      numberColumn('measured', () => formatRatio(separation.measured)),
      ...(compared ? [numberColumn('published', () => formatRatio(separation.published))] : []),
      ...(compared
        ? [
            numberColumn('difference', () =>
              formatRatioDifference(separation.difference, separation.published),
            ),
          ]
        : []),
    ],
    [separation],
  );
  const inSingularValues =
    isEigenvalue(report.late.series) && separation.measured !== null
      ? [`in singular values: ${formatRatio(Math.sqrt(separation.measured))}`]
      : [];
  return (
    table && {
      title: 'Separation',
      table,
      notes: inSingularValues,
      explanation: explanations.separation,
      detail: false,
    }
  );
}
