import type { ColumnKind, RunColumnInfo } from '#shared/models/run-table.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Settings } from '#shared/models/settings.ts';
import type { Study } from '#shared/models/study.ts';
import { flattenSettings } from '#shared/run-table/flatten-settings.ts';
import type { RunLine } from '../store/run-lines.ts';
import type { Score } from '../store/score-store.ts';

/** A run with everything a column may be taken from. */
export interface IndexedRun {
  readonly line: RunLine;
  readonly condition: string;
  /** Of the condition in its study's list, which decides its colour. */
  readonly place: number;
  readonly settings: Settings;
  readonly studyId: number;
  readonly studyName: string;
  readonly studyCreatedAt: string;
  readonly study: Study;
  /** Lower case: study, condition, notes and tags. */
  readonly words: string;
  readonly score: () => Score | null;
}

type Value = number | string | null;

interface OwnColumn {
  readonly kind: ColumnKind;
  readonly read: (run: IndexedRun) => Value;
}

const ownColumns: Readonly<Record<string, OwnColumn>> = {
  id: { kind: 'number', read: ({ line }) => line.id },
  study: { kind: 'text', read: ({ studyName }) => studyName },
  condition: { kind: 'text', read: ({ condition }) => condition },
  seed: { kind: 'number', read: ({ line }) => line.seed },
  state: { kind: 'text', read: ({ line }) => line.state },
  engine: { kind: 'text', read: ({ line }) => line.engine },
  rows: { kind: 'number', read: ({ line }) => line.rows },
  progress: { kind: 'number', read: ({ line, settings }) => line.rows / (settings.epochs + 1) },
  seconds: { kind: 'number', read: ({ line }) => (line.seconds > 0 ? line.seconds : null) },
  created: { kind: 'date', read: ({ studyCreatedAt }) => studyCreatedAt },
  tag: { kind: 'list', read: ({ line }) => (line.tags.length > 0 ? line.tags.join(', ') : null) },
  note: { kind: 'text', read: ({ line }) => (line.note === '' ? null : line.note) },
};

/** For the window itself, and no column to choose: where a run belongs. */
const hiddenColumns: Readonly<Record<string, OwnColumn>> = {
  studyId: { kind: 'number', read: ({ studyId }) => studyId },
  place: { kind: 'number', read: ({ place }) => place },
};

/** These two are kept with every run, so they need no score. */
const newestColumns: Readonly<Record<string, (run: IndexedRun) => Value>> = {
  'test.accuracy': ({ line }) => line.testAccuracy,
  'train.accuracy': ({ line }) => line.trainAccuracy,
};

/** A measure that has the name of something else, such as a detector called `state`, is told apart by this. */
const measured = 'measured.';

/** Every column these runs can fill: their own, then settings, then measures, each in the order of a study file. */
export function columnsOf(runs: readonly IndexedRun[]): readonly RunColumnInfo[] {
  const settings = new Map<string, ColumnKind>();
  const measures = new Set<string>();
  const series = new Set(Object.keys(newestColumns));
  const [seenSettings, seenStudies, seenScores] = [new Set<Settings>(), new Set<Study>(), new Set<object>()];
  for (const run of runs) {
    if (!seenSettings.has(run.settings)) {
      seenSettings.add(run.settings);
      for (const name of seriesNames(run.settings.probes)) series.add(name);
      for (const [name, value] of flattenSettings(run.settings))
        settings.set(name, typeof value === 'number' && settings.get(name) !== 'text' ? 'number' : 'text');
    }
    if (!seenStudies.has(run.study)) {
      seenStudies.add(run.study);
      for (const name of Object.keys(run.study.detectors)) measures.add(name);
      for (const name of Object.keys(run.study.intervals)) measures.add(name);
    }
    const names = run.score()?.names;
    if (names && !seenScores.has(names)) {
      seenScores.add(names);
      for (const name of names) series.add(name);
    }
  }
  const isTaken = (name: string): boolean => Object.hasOwn(ownColumns, name) || settings.has(name);
  const measureNames = [...new Set([...measures, 'late', ...series])];
  return [
    ...Object.entries(ownColumns).map(([name, { kind }]) => ({ name, kind, group: 'run' as const })),
    ...[...settings].map(([name, kind]) => ({ name, kind, group: 'setting' as const })),
    ...measureNames.map((name) => ({
      name: isTaken(name) ? measured + name : name,
      kind: 'number' as const,
      group: 'measure' as const,
    })),
  ];
}

/** Whether a column can only be filled once runs are scored. */
export function needsScore(column: RunColumnInfo): boolean {
  return column.group === 'measure' && !Object.hasOwn(newestColumns, column.name);
}

/** How a column is read from a run. Null for one that no run has. */
export function columnReader(
  name: string,
  columns: readonly RunColumnInfo[],
): { readonly kind: ColumnKind; readonly read: (run: IndexedRun) => Value } | null {
  if (Object.hasOwn(hiddenColumns, name)) return hiddenColumns[name];
  const info = columns.find((column) => column.name === name);
  if (!info) return null;
  if (info.group === 'run') return ownColumns[name];
  if (info.group === 'setting') return { kind: info.kind, read: settingReader(name) };
  if (Object.hasOwn(newestColumns, name)) return { kind: 'number', read: newestColumns[name] };
  return {
    kind: 'number',
    read: scoreReader(name.startsWith(measured) ? name.slice(measured.length) : name),
  };
}

function settingReader(name: string): (run: IndexedRun) => Value {
  const values = new Map<Settings, Value>();
  return ({ settings }) => {
    let value = values.get(settings);
    if (value === undefined) {
      value = flattenSettings(settings).get(name) ?? null;
      values.set(settings, value);
    }
    return value;
  };
}

function scoreReader(name: string): (run: IndexedRun) => Value {
  const places = new Map<readonly string[], number>();
  return ({ score }) => {
    const found = score();
    if (!found) return null;
    let place = places.get(found.names);
    if (place === undefined) {
      place = found.names.indexOf(name);
      places.set(found.names, place);
    }
    return place < 0 ? null : found.values[place];
  };
}
