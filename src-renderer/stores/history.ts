import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { z } from 'zod';
import { problemsOf } from '#shared/contract/failures.ts';
import type { StudySummary } from '#shared/models/lab.ts';
import { comparesRuns } from '#shared/run-table/parse-run-filter.ts';
import type { TreeRun, TreeSort } from '../history-tree.ts';
import { sortStudies, treeColumns, treeItems, treeRuns, treeSorts } from '../history-tree.ts';
import { throttle } from '../throttle.ts';
import { useLabAccess } from '../lab-access.ts';
import { remembered, rememberedValue } from '../remembered.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';

/** Often enough to look alive; a list of hundreds costs little. */
const interval = 400;

/** Which studies are open, by lab file: another lab counts its studies from 1 too. */
const openSchema = z.record(z.string(), z.array(z.number()));

/** Every study of the lab with the runs of those that are open, as far as the filter lets through. */
export const useHistory = defineStore('history', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const found = shallowRef<readonly StudySummary[]>([]);
  const runs = shallowRef<ReadonlyMap<number, readonly TreeRun[]>>(new Map());
  /** The filter that they fit. */
  let runsOf = '';
  /** False until the first answer, so that an empty lab is not announced before it is known to be empty. */
  const loaded = ref(false);
  const search = ref('');
  /** What is wrong with the filter, in sentences; the list is then that of the last right one. */
  const problem = ref('');
  let right = '';
  /** Runs of which it is not known yet whether they fit: their scores are being made, and the lab tells when there are more. */
  const pending = ref(0);
  const sort = remembered<TreeSort>('history.sort', 'newest', treeSorts);
  const allOpen = rememberedValue('history.open', openSchema, {});
  const place = computed(() => lab.info?.path ?? '');
  const open = computed(() => new Set(allOpen.value[place.value] ?? []));
  const studies = computed(() => sortStudies(found.value, sort.value));
  const items = computed(() => treeItems(studies.value, open.value, runs.value));

  async function read(): Promise<void> {
    const asked = search.value.trim();
    const wrong = await show(asked);
    // The answer to an older question must not replace that to a newer one.
    if (asked !== search.value.trim()) return;
    problem.value = wrong;
    if (wrong === '') right = asked;
    // What it lists goes on: scores are made and runs train while a filter is being written.
    else await show(right);
  }

  /** Lists what fits a filter. @returns what is wrong with it, in sentences */
  async function show(asked: string): Promise<string> {
    const typed = search.value;
    try {
      const [chosen, below] = await Promise.all([readStudies(asked), readRuns(asked)]);
      if (typed !== search.value) return '';
      found.value = chosen.studies;
      // A study that was opened again since the question keeps its runs: without them the keyboard would lose its place there.
      const kept = [...runs.value].filter(([id]) => runsOf === asked && open.value.has(id));
      runs.value = new Map([...kept, ...below.runs]);
      runsOf = asked;
      pending.value = Math.max(chosen.pending, below.pending);
      loaded.value = true;
      return '';
    } catch (error) {
      const problems = problemsOf(error);
      if (asked !== '' && problems?.every(({ code }) => code === 'bad-argument'))
        return problems.map(({ message }) => message).join(' ');
      if (lab.state === 'open') notices.failure(error);
      return '';
    }
  }

  /** Words choose studies; what compares runs chooses the studies that have such runs. */
  async function readStudies(asked: string): Promise<{ studies: readonly StudySummary[]; pending: number }> {
    if (!comparesRuns(asked))
      return { studies: await client.listStudies(asked === '' ? {} : { search: asked }), pending: 0 };
    const [list, table] = await Promise.all([
      client.listStudies({}),
      client.runTable({ where: asked, columns: ['studyId'] }),
    ]);
    const fitting = new Set<number>(table.columns[0].values);
    return { studies: list.filter(({ id }) => fitting.has(id)), pending: table.pending };
  }

  async function readRuns(
    asked: string,
  ): Promise<{ runs: ReadonlyMap<number, readonly TreeRun[]>; pending: number }> {
    const where = comparesRuns(asked) ? { where: asked } : {};
    const tables = await Promise.all(
      [...open.value].map(async (studyId) => {
        const table = await client.runTable({ studyId, columns: [...treeColumns], ...where });
        return { studyId, table };
      }),
    );
    return {
      runs: new Map(tables.map(({ studyId, table }) => [studyId, treeRuns(table)])),
      pending: Math.max(0, ...tables.map(({ table }) => table.pending)),
    };
  }

  const refresh = throttle(interval, read);
  watch([search, open], refresh);
  lab.listen(({ type }) => {
    if (type === 'studies' || type === 'run' || type === 'resync') refresh();
  });

  function setOpen(studyId: number, isOpen: boolean): void {
    const next = new Set(open.value);
    if (isOpen) next.add(studyId);
    else next.delete(studyId);
    allOpen.value = { ...allOpen.value, [place.value]: [...next] };
  }

  return { studies, items, runs, open, loaded, search, problem, pending, sort, refresh, setOpen };
});
