import { problem, ProblemError } from '#shared/models/problem.ts';
import type { RunColumn, RunColumnInfo, RunTable, RunTableQuery } from '#shared/models/run-table.ts';
import { parseRunFilter } from '#shared/run-table/parse-run-filter.ts';
import type { FilterTerm } from '#shared/run-table/run-filter.ts';
import { fulfils } from '#shared/run-table/run-filter.ts';
import { didYouMean } from '#shared/study/nearest-name.ts';
import type { LabStore } from '../store/lab-store.ts';
import type { IndexedRun } from './run-columns.ts';
import { columnReader, columnsOf, needsScore } from './run-columns.ts';
import { RunScores } from './score-runs.ts';

/** Text that sorts as people read it: seed 2 before seed 10. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

type Filled = RunColumn & { readonly list: boolean };

/**
 * Every run of the lab as a line of a table that can be filtered and sorted by anything known of it. The lines are read when something in
 * the lab has changed; a table that is only looked at in another way is made from what is in memory.
 */
export class RunIndex {
  readonly #store: LabStore;
  readonly #scores: RunScores;
  #version = '';
  /** The version whose runs all have their scores, or wait for them, and how many had been made by then. */
  #scoredVersion = '';
  #scoresMade = 0;
  #runs: readonly IndexedRun[] = [];
  #columns: readonly RunColumnInfo[] | null = null;
  #filled = new Map<string, Filled>();

  /** @param told hears which studies have more scores than the last table showed */
  constructor(store: LabStore, told: (studyIds: ReadonlySet<number>) => void) {
    this.#store = store;
    this.#scores = new RunScores(store, told);
  }

  /** What runs can be filtered and sorted by. */
  columns(): readonly RunColumnInfo[] {
    this.#refresh();
    return (this.#columns ??= columnsOf(this.#runs));
  }

  /** @throws bad-argument for a filter or a column that means nothing here, saying what does */
  table({ studyId, where = '', sort, columns: wanted = [] }: RunTableQuery): RunTable {
    let columns = this.columns();
    const terms = parsed(where, columns);
    const used = [...wanted, ...(sort ? [sort.by] : []), ...terms.flatMap(columnOf)];
    const scored = columns.some((column) => needsScore(column) && used.includes(column.name));
    const pending = scored ? this.#prepareScores() : 0;
    columns = this.columns();
    const places = this.#select(studyId, terms, columns);
    const ordered = sort ? this.#sort(places, sort, columns) : places;
    return {
      total: this.#runs.length,
      pending,
      ids: Int32Array.from(ordered, (place) => this.#runs[place].line.id),
      columns: wanted.map((name) => taken(this.#fill(name, columns), ordered)),
    };
  }

  #refresh(): void {
    const version = this.#store.lines.version();
    if (version === this.#version) return;
    this.#runs = indexRuns(this.#store, this.#scores);
    this.#columns = null;
    this.#filled = new Map();
    this.#version = version;
  }

  /** @returns how many runs have no score yet */
  #prepareScores(): number {
    const known = this.#scoredVersion === this.#version && this.#scoresMade === this.#scores.made;
    if (known && this.#scores.waiting === 0) return 0;
    const pending = this.#scores.prepare(this.#runs);
    // What was kept just now are scores, which are no part of a line.
    this.#version = this.#store.lines.version();
    this.#scoredVersion = this.#version;
    this.#scoresMade = this.#scores.made;
    for (const column of this.columns()) if (needsScore(column)) this.#filled.delete(column.name);
    this.#columns = null;
    return pending;
  }

  #select(
    studyId: number | undefined,
    terms: readonly FilterTerm[],
    columns: readonly RunColumnInfo[],
  ): number[] {
    const tests = terms.map((term) => this.#test(term, columns));
    const places: number[] = [];
    for (const [place, run] of this.#runs.entries()) {
      if (studyId !== undefined && run.studyId !== studyId) continue;
      if (tests.every((test) => test(place))) places.push(place);
    }
    return places;
  }

  #test(term: FilterTerm, columns: readonly RunColumnInfo[]): (place: number) => boolean {
    if (term.kind === 'word') return (place) => this.#runs[place].words.includes(term.text) !== term.negated;
    const column = this.#fill(term.column, columns);
    if (column.kind === 'number') return (place) => fulfils(column.values[place], term) !== term.negated;
    // Thousands of runs share a few words: each is tried once.
    const answers = column.words.map((word) => this.#holds(word, column.list, term));
    const absent = fulfils(null, term);
    return (place) => (answers[column.values[place]] ?? absent) !== term.negated;
  }

  #holds(word: string, list: boolean, term: Extract<FilterTerm, { kind: 'comparison' }>): boolean {
    if (!list || term.operator === '~') return fulfils(word, term);
    const entries = word.split(', ');
    return term.operator === '!='
      ? entries.every((entry) => fulfils(entry, term))
      : entries.some((entry) => fulfils(entry, term));
  }

  #sort(
    places: readonly number[],
    { by, descending }: NonNullable<RunTableQuery['sort']>,
    columns: readonly RunColumnInfo[],
  ): number[] {
    const keys = sortKeys(this.#fill(by, columns));
    const sign = descending ? -1 : 1;
    return places.toSorted((a, b) => {
      const [first, second] = [keys[a], keys[b]];
      if (first === second) return sign * (b - a);
      if (Number.isNaN(first)) return Number.isNaN(second) ? sign * (b - a) : 1;
      return Number.isNaN(second) ? -1 : sign * (first - second);
    });
  }

  /** A column over all runs, in the order of the index. */
  #fill(name: string, columns: readonly RunColumnInfo[]): Filled {
    const known = this.#filled.get(name);
    if (known) return known;
    const reader = columnReader(name, columns);
    if (!reader) {
      const names = columns.map((column) => column.name);
      throw problem('bad-argument', `No run has ${JSON.stringify(name)}: ${didYouMean(name, names)}`);
    }
    const values = this.#runs.map(reader.read);
    const filled: Filled =
      reader.kind === 'number'
        ? {
            name,
            kind: 'number',
            list: false,
            values: Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN)),
          }
        : {
            name,
            kind: 'text',
            list: reader.kind === 'list',
            ...dictionary(values),
          };
    this.#filled.set(name, filled);
    return filled;
  }
}

function columnOf(term: FilterTerm): string[] {
  return term.kind === 'comparison' ? [term.column] : [];
}

function parsed(where: string, columns: readonly RunColumnInfo[]): readonly FilterTerm[] {
  const filter = parseRunFilter(where, columns);
  if (filter.ok) return filter.terms;
  throw new ProblemError(filter.problems.map((message) => ({ code: 'bad-argument', message })));
}

function indexRuns(store: LabStore, scores: RunScores): IndexedRun[] {
  const conditions = store.lines.conditions();
  const studies = new Map(store.studies.list().map((record) => [record.id, record]));
  const shared = new Map(
    [...conditions.values()].flatMap(({ id, studyId, name, settings }) => {
      const record = studies.get(studyId);
      if (!record) return [];
      return [
        [
          id,
          {
            condition: name,
            settings,
            studyId,
            study: record.study,
            place: record.study.conditions.findIndex((condition) => condition.name === name),
            studyName: record.name,
            studyCreatedAt: record.createdAt,
            words: [record.name, name, record.note, ...record.tags].join(' ').toLowerCase(),
          },
        ] as const,
      ];
    }),
  );
  return store.lines.runs().flatMap((line) => {
    const common = shared.get(line.conditionId);
    if (!common) return [];
    const own = line.note === '' && line.tags.length === 0 ? '' : ` ${line.note} ${line.tags.join(' ')}`;
    return [
      {
        ...common,
        line,
        words: common.words + own.toLowerCase(),
        score: () => scores.get({ line, study: common.study }),
      },
    ];
  });
}

/** Numbers in the order of the values: what is sorted thousands of times should be compared as numbers. NaN for none. */
function sortKeys(column: Filled): Float64Array {
  if (column.kind === 'number') return column.values;
  const order = column.words.map((_, place) => place);
  order.sort((a, b) => collator.compare(column.words[a], column.words[b]));
  const ranks = new Float64Array(column.words.length);
  for (const [rank, place] of order.entries()) ranks[place] = rank;
  return Float64Array.from(column.values, (place) => (place < 0 ? Number.NaN : ranks[place]));
}

function dictionary(values: readonly (number | string | null)[]): {
  readonly values: Int32Array;
  readonly words: readonly string[];
} {
  const places = new Map<string, number>();
  const found = Int32Array.from(values, (value) => {
    if (value === null) return -1;
    const word = String(value);
    const known = places.get(word);
    if (known !== undefined) return known;
    places.set(word, places.size);
    return places.size - 1;
  });
  return { values: found, words: [...places.keys()] };
}

function taken(column: Filled, places: readonly number[]): RunColumn {
  const { name } = column;
  return column.kind === 'number'
    ? { name, kind: 'number', values: Float64Array.from(places, (place) => column.values[place]) }
    : {
        name,
        kind: 'text',
        values: Int32Array.from(places, (place) => column.values[place]),
        words: column.words,
      };
}
