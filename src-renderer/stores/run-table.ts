import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { z } from 'zod';
import { problemsOf } from '#shared/contract/failures.ts';
import type { RunColumnInfo, RunTable, RunTableQuery } from '#shared/models/run-table.ts';
import { throttle } from '../throttle.ts';
import { useLabAccess } from '../lab-access.ts';
import { rememberedText, rememberedValue } from '../remembered.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';

/** While something trains the table is read anew this often at most; what a person asks for is read at once. */
const interval = 1000;

/** Always there: by these a row knows its run, its colour and its page. */
const ownColumns = ['studyId', 'place', 'state', 'condition', 'tag', 'progress'] as const;

const firstColumns = ['study', 'condition', 'seed', 'state', 'test.accuracy', 'late', 'seconds', 'tag'];

const sortSchema = z.object({ by: z.string(), descending: z.boolean() }).nullable();

/** The table of all runs: which columns, in which order, filtered by what. The lab finds and sorts; the window keeps what it was told. */
export const useRunTable = defineStore('run-table', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const where = rememberedText('runs.where', '');
  const sort = rememberedValue('runs.sort', sortSchema, null);
  const chosen = rememberedValue('runs.columns', z.array(z.string()), firstColumns);
  const table = shallowRef<RunTable | null>(null);
  const known = shallowRef<readonly RunColumnInfo[]>([]);
  /** What is wrong with the filter, in sentences; the table is then that of the last right one. */
  const problem = ref('');
  let right = '';
  const isOpen = ref(false);
  let question = 0;

  /** Those that some run has: another lab may lack what was chosen in this one. */
  const columns = computed(() =>
    chosen.value.flatMap((name) => known.value.find((column) => column.name === name) ?? []),
  );

  async function read(): Promise<void> {
    if (!isOpen.value) return;
    const asked = ++question;
    const filter = where.value;
    const wrong = await show(filter, asked);
    if (asked !== question) return;
    problem.value = wrong;
    if (wrong === '') right = filter;
    // What it shows goes on: scores are made and runs train while a filter is being written.
    else await show(right, asked);
  }

  function queryOf(filter: string): RunTableQuery {
    const order = known.value.some(({ name }) => name === sort.value?.by) ? sort.value : null;
    return {
      where: filter,
      columns: [...new Set([...ownColumns, ...columns.value.map(({ name }) => name)])],
      ...(order ? { sort: order } : {}),
    };
  }

  /** Columns that are what they were are left alone: everything that is drawn depends on them. */
  function learn(now: readonly RunColumnInfo[]): void {
    if (!isSame(now, known.value)) known.value = now;
  }

  /**
   * Shows the runs that fit a filter. The table is asked for with the columns there were, and again in the rare case that
   * these have changed: the columns' own way there and back is not waited for.
   * @returns what is wrong with the filter, in sentences
   */
  async function show(filter: string, asked: number): Promise<string> {
    try {
      if (known.value.length === 0) learn(await client.runColumns());
      const query = queryOf(filter);
      const columnsNow = client.runColumns();
      const answer = client.runTable(query);
      // Whether that was the right question is known in a moment; until then its failure is nobody's.
      answer.catch(() => {});
      learn(await columnsNow);
      const rightQuery = queryOf(filter);
      const found = await (isSame(rightQuery, query) ? answer : client.runTable(rightQuery));
      if (asked === question) table.value = found;
      return '';
    } catch (error) {
      if (asked !== question) return '';
      const problems = problemsOf(error);
      if (problems?.every(({ code }) => code === 'bad-argument'))
        return problems.map(({ message }) => message).join(' ');
      if (lab.state === 'open') notices.failure(error);
      return '';
    }
  }

  const refresh = throttle(interval, read);
  watch([where, sort, chosen], () => void read());
  lab.listen(({ type }) => {
    if (isOpen.value && type !== 'notice' && type !== 'progress' && type !== 'probing') refresh();
  });

  function open(): void {
    isOpen.value = true;
    void read();
  }

  function close(): void {
    isOpen.value = false;
  }

  /** Ascending, then descending, then as the lab has them. */
  function toggleSort(by: string): void {
    if (sort.value?.by !== by) sort.value = { by, descending: false };
    else sort.value = sort.value.descending ? null : { by, descending: true };
  }

  function toggleColumn(name: string): void {
    chosen.value = chosen.value.includes(name)
      ? chosen.value.filter((other) => other !== name)
      : [...chosen.value, name];
  }

  function resetColumns(): void {
    chosen.value = firstColumns;
  }

  return {
    where,
    sort,
    chosen,
    columns,
    known,
    table,
    problem,
    open,
    close,
    toggleSort,
    toggleColumn,
    resetColumns,
  };
});

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
