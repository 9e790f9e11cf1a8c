import type { ConditionBand } from '../models/lab.ts';
import type { Study } from '../models/study.ts';
import type { ReportRun } from '../report/report.ts';
import { bandFrom, firstChange } from './band.ts';
import type { Band } from './band.ts';
import type { FigureKind } from './figure-kinds.ts';
import type { Figure, RunLine } from './figure.ts';
import { repulsionLines } from './repulsion-lines.ts';
import type { RepulsionPoint } from './repulsion-lines.ts';
import { studyFigure } from './study-figures.ts';
import type { Statistics } from './study-figures.ts';

export interface BookRun {
  readonly id: number;
  readonly condition: string;
  readonly seed: number;
}

/** A series that grows: room for more than it holds, so that new rows do not copy the old ones each time. */
interface Growing {
  room: Float64Array;
  length: number;
  /** What it holds, the same array until rows come: what was found of it is kept with it. */
  shown: Float64Array | null;
}

interface KnownBand {
  readonly band: Band;
  readonly runs: number;
  /** Infinity when every row is in it. */
  changedFrom: number;
}

/** Statistics that were computed elsewhere, of these runs and so many rows of each. */
interface GivenBand {
  readonly band: Band;
  readonly rows: ReadonlyMap<number, number>;
}

/**
 * Every point of a study's series, and its figures made of them. Statistics of epochs that did not change are kept, so that a live study
 * costs what its new rows cost.
 */
export class FigureBook {
  #study: Pick<Study, 'conditions' | 'detectors'> = { conditions: [], detectors: {} };
  #runs: readonly BookRun[] = [];
  #conditions: ReadonlyMap<number, string> = new Map();
  readonly #series = new Map<number, Map<string, Growing>>();
  readonly #probes = new Map<number, Map<string, Float64Array>>();
  readonly #scores = new Map<number, ReportRun>();
  readonly #bands = new Map<string, KnownBand>();
  /** Until the rows they are of have come. */
  readonly #given = new Map<string, GivenBand>();
  readonly #figures = new Map<string, { readonly version: number; readonly figure: Figure }>();
  /** Counts changes: a figure is made anew only when there was one. */
  #version = 0;

  open(study: Pick<Study, 'conditions' | 'detectors'>, runs: readonly BookRun[]): void {
    const conditions = new Map(runs.map(({ id, condition }) => [id, condition]));
    // Other runs are other statistics, though they may be as many.
    const same =
      conditions.size === this.#conditions.size &&
      runs.every(({ id, condition }) => this.#conditions.get(id) === condition);
    if (!same) {
      this.#bands.clear();
      this.#given.clear();
    }
    this.#study = study;
    this.#runs = runs;
    this.#conditions = conditions;
    this.#version++;
  }

  /** A run's rows from `first` on; what was known of these and later ones is forgotten. */
  setRows(runId: number, name: string, first: number, values: Float64Array): void {
    const series = this.#series.get(runId) ?? new Map<string, Growing>();
    this.#series.set(runId, series);
    const growing = series.get(name) ?? { room: new Float64Array(), length: 0, shown: null };
    series.set(name, growing);
    growing.shown = null;
    const length = first + values.length;
    if (first === 0 && growing.length === 0) {
      // The first rows are often all there will be, and they are ours: no copy.
      growing.room = values;
      growing.length = length;
      this.#changedFrom(runId, name, first);
      return;
    }
    if (length > growing.room.length) {
      const room = new Float64Array(2 * length);
      room.set(growing.room.subarray(0, first));
      growing.room = room;
    }
    growing.room.fill(NaN, growing.length, first);
    growing.room.set(values, first);
    growing.length = length;
    this.#changedFrom(runId, name, first);
  }

  /** Statistics of a series over all runs of some conditions. They are shown until these runs' rows are here, and are not computed again then. */
  setBands(name: string, bands: readonly ConditionBand[]): void {
    for (const { condition, runs, median, q1, q3, counts } of bands) {
      const rows = new Map(runs.map((run) => [run.id, run.rows]));
      this.#given.set(keyOf(condition, name), { band: { median, q1, q3, counts }, rows });
      this.#bands.delete(keyOf(condition, name));
    }
    this.#version++;
  }

  /** Statistics that were given of a condition no longer hold; what rows there are says it. */
  dropBands(condition: string): void {
    for (const key of this.#given.keys()) if (key.startsWith(keyOf(condition, ''))) this.#given.delete(key);
    this.#version++;
  }

  setProbes(runId: number, points: readonly RepulsionPoint[]): void {
    const lines = repulsionLines(points);
    this.#probes.set(runId, lines);
    for (const name of lines.keys()) this.#changedFrom(runId, name, 0);
  }

  setScores(scores: readonly ReportRun[]): void {
    for (const score of scores) this.#scores.set(score.id, score);
    this.#version++;
  }

  figure(kind: FigureKind): Figure {
    const known = this.#figures.get(kind.id);
    if (known?.version === this.#version) return known.figure;
    const figure = this.#make(kind);
    this.#figures.set(kind.id, { version: this.#version, figure });
    return figure;
  }

  #make(kind: FigureKind): Figure {
    const runs = this.#runs.map((run) => ({ ...run, series: (name: string) => this.#read(run.id, name) }));
    return studyFigure(kind, this.#study, runs, this.#scores, (condition, series, lines) =>
      this.#statistics(keyOf(condition, series), lines),
    );
  }

  #read(runId: number, name: string): Float64Array | null {
    const growing = this.#series.get(runId)?.get(name);
    if (growing) return (growing.shown ??= growing.room.subarray(0, growing.length));
    return this.#probes.get(runId)?.get(name) ?? null;
  }

  /** The statistics of the run's own condition, and no others: a study has many. */
  #changedFrom(runId: number, series: string, epoch: number): void {
    this.#version++;
    const condition = this.#conditions.get(runId);
    const known = condition === undefined ? undefined : this.#bands.get(keyOf(condition, series));
    if (known) known.changedFrom = Math.min(known.changedFrom, epoch);
  }

  #statistics(key: string, runs: readonly RunLine[]): Statistics | null {
    const given = this.#given.get(key);
    if (given) {
      const here = new Map(runs.map(({ runId, values }) => [runId, values.length]));
      if ([...given.rows.keys()].some((id) => !here.has(id)))
        return { band: given.band, awaited: given.rows.size };
      this.#given.delete(key);
      this.#bands.set(key, {
        band: given.band,
        runs: given.rows.size,
        changedFrom: firstChange(given.rows, here),
      });
    }
    if (runs.length === 0) return null;
    return {
      band: this.#band(
        key,
        runs.map(({ values }) => values),
      ),
      awaited: null,
    };
  }

  #band(key: string, lines: readonly Float64Array[]): Band {
    const known = this.#bands.get(key);
    const same = known?.runs === lines.length;
    if (known && same && known.changedFrom === Infinity) return known.band;
    const band = bandFrom(lines, same ? known.band : null, same ? known.changedFrom : 0);
    this.#bands.set(key, { band, runs: lines.length, changedFrom: Infinity });
    return band;
  }
}

function keyOf(condition: string, series: string): string {
  return `${condition}\n${series}`;
}
