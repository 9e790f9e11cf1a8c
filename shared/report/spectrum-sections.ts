import { explanations } from './explanations.ts';
import { formatEpoch, formatRatio, formatShare } from './format-number.ts';
import type { LayerName } from '#shared/models/settings.ts';
import type { Report, SmoothnessReport, SpectrumReport } from './report.ts';
import { type ColumnOf, numberColumn, type Section, tableOf, textColumn } from './table.ts';

/** A column of layers where conditions differ in which is measured. */
function layerColumn<Row>(layers: ReadonlySet<LayerName>, layer: (row: Row) => LayerName): ColumnOf<Row>[] {
  return layers.size > 1 ? [textColumn('layer', layer)] : [];
}

interface SmoothnessRow {
  readonly condition: string;
  readonly at: SmoothnessReport;
}

/** The ratio with the smoothness that explains much of it, each condition beside the others. */
export function smoothnessSection(report: Report): Section | null {
  const rows = report.conditions.flatMap(({ name, smoothness }) =>
    smoothness.map((at) => ({ condition: name, at })),
  );
  const layers = new Set(rows.map(({ at }) => at.layer));
  const depth = rows[0]?.at.overlaps.length ?? 0;
  const table = tableOf<SmoothnessRow>(
    [
      textColumn('condition', (row) => row.condition),
      ...layerColumn(layers, (row: SmoothnessRow) => row.at.layer),
      numberColumn('epoch', (row) => formatEpoch(row.at.epoch)),
      numberColumn('n', (row) => String(row.at.n)),
      numberColumn('sigma2/sigma3', (row) => formatRatio(row.at.ratio23)),
      ...Array.from({ length: depth }, (_, k) =>
        numberColumn(
          `P${k}`,
          (row: SmoothnessRow) => formatShare(row.at.overlaps[k]),
          'overlap with Legendre',
        ),
      ),
    ],
    rows,
  );
  return (
    table && {
      title: `Smoothness of the updates of ${[...layers].join(' and ')}`,
      table,
      notes: [],
      explanation: explanations.smoothness,
      detail: false,
    }
  );
}

interface SpectrumRow {
  readonly condition: string;
  readonly spectrum: SpectrumReport;
}

export function spectrumSection(report: Report): Section | null {
  const rows = report.conditions.flatMap(({ name, spectrum }) =>
    spectrum ? [{ condition: name, spectrum }] : [],
  );
  const layers = new Set(rows.map(({ spectrum }) => spectrum.layer));
  const [from, to] = report.late.range;
  const floor = 'epochs below the rounding floor';
  const table = tableOf<SpectrumRow>(
    [
      textColumn('condition', (row) => row.condition),
      ...layerColumn(layers, (row: SpectrumRow) => row.spectrum.layer),
      numberColumn('n', (row) => String(row.spectrum.n)),
      numberColumn(
        'sigma2/sigma3',
        (row) => formatRatio(row.spectrum.peak?.ratio ?? null),
        'peak above the floor',
      ),
      numberColumn('epoch', (row) => formatEpoch(row.spectrum.peak?.epoch ?? null), 'peak above the floor'),
      numberColumn('all', (row) => formatShare(row.spectrum.floorShare), floor),
      numberColumn(`${from}..${to}`, (row) => formatShare(row.spectrum.lateFloorShare), floor),
    ],
    rows,
  );
  return (
    table && {
      title: `Peak and rounding floor of ${[...layers].join(' and ')}`,
      table,
      notes: rows.flatMap(({ condition, spectrum: { peak } }) =>
        peak && peak.atEnd > 0
          ? [
              `${condition}: in ${peak.atEnd} of ${peak.n} runs the largest is at the last epoch, where it may still be rising: that is no peak`,
            ]
          : [],
      ),
      explanation: explanations.spectrum,
      detail: false,
    }
  );
}
