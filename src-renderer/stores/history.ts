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
  /** False until the first answer, so that an empty lab is not announced before it is known to be empty. */
  const loaded = ref(false);
  const search = ref('');
  /** What is wrong with the filter, in sentences; the list is then as the last right one had it. */
  const problem = ref('');
  const sort = remembered<TreeSort>('history.sort', 'newest', treeSorts);
  const allOpen = rememberedValue('history.open', openSchema, {});
  const place = computed(() => lab.info?.path ?? '');
  const open = computed(() => new Set(allOpen.value[place.value] ?? []));
  const studies = computed(() => sortStudies(found.value, sort.value));
  const items = computed(() => treeItems(studies.value, open.value, runs.value));

  async function read(): Promise<void> {
    const asked = search.value.trim();
    try {
      const [list, below] = await Promise.all([readStudies(asked), readRuns(asked)]);
      // The answer to an older question must not replace that to a newer one.
      if (asked !== search.value.trim()) return;
      found.value = list;
      runs.value = below;
      loaded.value = true;
      problem.value = '';
    } catch (error) {
      const problems = problemsOf(error);
      if (asked !== '' && problems?.every(({ code }) => code === 'bad-argument'))
        problem.value = problems.map(({ message }) => message).join(' ');
      else if (lab.state === 'open') notices.failure(error);
    }
  }

  /** Words choose studies; what compares runs chooses the studies that have such runs. */
  async function readStudies(asked: string): Promise<readonly StudySummary[]> {
    if (asked === '') return client.listStudies({});
    if (!comparesRuns(asked)) return client.listStudies({ search: asked });
    const [list, table] = await Promise.all([
      client.listStudies({}),
      client.runTable({ where: asked, columns: ['studyId'] }),
    ]);
    const [studyIds] = table.columns;
    const fitting = new Set<number>(studyIds.values);
    return list.filter(({ id }) => fitting.has(id));
  }

  async function readRuns(asked: string): Promise<ReadonlyMap<number, readonly TreeRun[]>> {
    const where = comparesRuns(asked) ? { where: asked } : {};
    const below = await Promise.all(
      [...open.value].map(async (studyId) => {
        const table = await client.runTable({ studyId, columns: [...treeColumns], ...where });
        return [studyId, treeRuns(table)] as const;
      }),
    );
    return new Map(below);
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

  return { studies, items, runs, open, loaded, search, problem, sort, refresh, setOpen };
});
