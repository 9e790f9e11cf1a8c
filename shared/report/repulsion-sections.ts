import { isNamedRidge } from '#shared/science/repulsion-result.ts';
import { explainRidge, explanations } from './explanations.ts';
import {
  absent,
  formatDifference,
  formatEpoch,
  formatQuartiles,
  formatRatio,
  formatSetting,
  formatShare,
} from './format-number.ts';
import type { ConditionReport, Report, RepulsionReport, RepulsionStatistics } from './report.ts';
import { numberColumn, type Section, tableOf, textColumn } from './table.ts';

interface RepulsionRow {
  readonly condition: string;
  readonly at: RepulsionReport;
}

/** One section a ridge: the same pairs can repel at one ridge and not at another. */
export function repulsionSections(report: Report): Section[] {
  const rows = report.conditions.flatMap(({ name, repulsion }) =>
    repulsion.map((at) => ({ condition: name, at })),
  );
  return [...new Set(rows.map((row) => row.at.ridge))].flatMap((ridge, index) => {
    const section = ridgeSection(
      ridge,
      rows.filter((row) => row.at.ridge === ridge),
      report.conditions,
    );
    if (!section) return [];
    const opening = index === 0 ? `${explanations.repulsion} ` : '';
    return [{ ...section, explanation: `${opening}${section.explanation}` }];
  });
}

function ridgeSection(
  ridge: string,
  rows: readonly RepulsionRow[],
  conditions: readonly ConditionReport[],
): Section | null {
  const compared = rows.some((row) => row.at.published);
  const group = compared ? 'similar pairs, measured' : 'similar pairs';
  const table = tableOf<RepulsionRow>(
    [
      textColumn('condition', (row) => row.condition),
      numberColumn('epoch', (row) => formatEpoch(row.at.epoch)),
      numberColumn('n', (row) => (row.at.measured ? String(row.at.measured.n) : absent)),
      ...shareColumns((row: RepulsionRow) => row.at.measured, group),
      numberColumn('B<0|cos>0', (row) => formatShare(row.at.measured?.negativeGivenPositive ?? null), group),
      numberColumn('random', (row) => formatShare(row.at.measured?.random ?? null)),
      ...(compared ? shareColumns((row: RepulsionRow) => row.at.published, 'published') : []),
      ...(compared
        ? [
            numberColumn('difference', (row: RepulsionRow) =>
              formatDifference(row.at.difference, formatShare),
            ),
          ]
        : []),
    ],
    rows,
  );
  return (
    table && {
      title: `Similar-pair repulsion at the ridge "${ridge}"`,
      table,
      notes: [...sampleNotes(rows), ...ridgeNotes(rows, conditions)],
      explanation: explainRidge(ridge, isEachDecoupled(rows, conditions)),
      detail: false,
    }
  );
}

function shareColumns<Row>(
  statistic: (row: Row) => RepulsionReport['published'] | RepulsionReport['measured'],
  group: string,
) {
  return [
    numberColumn('median', (row: Row) => formatShare(statistic(row)?.median ?? null), group),
    numberColumn(
      'quartiles',
      (row: Row) => {
        const found = statistic(row);
        if (found === null) return absent;
        return formatQuartiles('n' in found ? found.n : null, found, formatShare);
      },
      group,
    ),
  ];
}

function sampleNotes(rows: readonly RepulsionRow[]): string[] {
  const measured = rows.map((row) => row.at.measured).filter((statistics) => statistics !== null);
  if (measured.length === 0) return [];
  const similar = spanText(measured.map(({ pairs }) => pairs));
  const random = spanText(measured.map(({ randomPairs }) => randomPairs));
  return [`${similar} most similar and ${random} random pairs a run and epoch; n is the runs`];
}

/** `200`, or `6 to 200` where a narrow network has fewer pairs than were asked for. */
function spanText(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(most) : `${least} to ${most}`;
}

/** The ridge's number by condition, one line for those that share it, and whose weight decay a control borrowed. */
function ridgeNotes(rows: readonly RepulsionRow[], conditions: readonly ConditionReport[]): string[] {
  const settings = conditions.flatMap(({ name }) => {
    const row = rows.find(({ condition, at }) => condition === name && at.value !== null);
    return row ? [{ name, value: row.at.value ?? 0, borrowedFrom: row.at.borrowedFrom }] : [];
  });
  const groups = Object.values(
    Object.groupBy(settings, ({ value, borrowedFrom }) => JSON.stringify([value, borrowedFrom])),
  ).filter((group) => group !== undefined);
  const values = groups.map((group) => {
    const [{ value, borrowedFrom }] = group;
    const lender = borrowedFrom === null ? '' : `, by the weight decay of ${borrowedFrom}`;
    return `ridge ${formatSetting(value)} for ${group.map(({ name }) => name).join(', ')}${lender}`;
  });
  const decoupled = conditions.filter(
    ({ name, isDecayDecoupled }) => isDecayDecoupled && rows.some(({ condition }) => condition === name),
  );
  if (decoupled.length === 0 || !isNamedRidge({ name: rows[0].at.ridge })) return values;
  // Then the section's own sentence says it.
  if (isEachDecoupled(rows, conditions)) return values;
  return [...values, `${decoupled.map(({ name }) => name).join(', ')}: ${explanations.decoupled}`];
}

/** Whether the weight decay of all conditions that have one of their own is no part of their loss. */
function isEachDecoupled(rows: readonly RepulsionRow[], conditions: readonly ConditionReport[]): boolean {
  const decoupled = new Set(conditions.flatMap((each) => (each.isDecayDecoupled ? [each.name] : [])));
  const own = rows.filter(({ at }) => at.value !== null && at.borrowedFrom === null);
  return own.length > 0 && own.every(({ condition }) => decoupled.has(condition));
}

interface IdentityRow {
  readonly condition: string;
  readonly measured: readonly RepulsionStatistics[];
}

/** The arithmetic's own test, apart from the findings. */
export function identitySection(report: Report): Section | null {
  const checks = report.conditions.flatMap(({ name, repulsion }) => {
    const measured = repulsion.map((at) => at.measured).filter((statistics) => statistics !== null);
    return measured.length === 0 ? [] : [{ condition: name, measured }];
  });
  const table = tableOf<IdentityRow>(
    [
      textColumn('condition', (check) => check.condition),
      numberColumn('pairs solved', (check) =>
        String(check.measured.reduce((sum, statistics) => sum + statistics.identityPairs, 0)),
      ),
      numberColumn('largest relative deviation', (check) =>
        check.measured.every((statistics) => statistics.identityDeviation !== null)
          ? formatRatio(Math.max(...check.measured.map((statistics) => statistics.identityDeviation ?? 0)))
          : absent,
      ),
    ],
    checks,
  );
  return (
    table && {
      title: 'Identity check (Theorem 6)',
      table,
      notes: [],
      explanation: explanations.identity,
      detail: false,
    }
  );
}
