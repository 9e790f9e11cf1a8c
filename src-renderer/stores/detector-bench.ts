import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { lastEpochOf, sweepDetector } from '#shared/figures/detector-figures.ts';
import type { StudyDetail } from '#shared/models/lab.ts';
import { seriesNames } from '#shared/models/series.ts';
import type { Late, Study } from '#shared/models/study.ts';
import type { RescoredRun } from '#shared/report/score-detector.ts';
import { scoreFires, scoreLate, watchRuns } from '#shared/report/score-detector.ts';
import type { Detector } from '#shared/science/detector.ts';
import { lateChange } from '#shared/study/change-scoring.ts';
import { writeScoring } from '#shared/study/write-detectors.ts';
import { useLabAccess } from '../lab-access.ts';
import { useLab } from './lab.ts';
import { useNotices } from './notices.ts';
import { useStudyPage } from './study-page.ts';
import { useUndo } from './undo.ts';

type Detectors = Readonly<Record<string, Detector>>;

/** Detectors as they are being tried on the runs of the open study. The study keeps its own until `keep`. */
export const useDetectorBench = defineStore('detector-bench', () => {
  const { client } = useLabAccess();
  const lab = useLab();
  const notices = useNotices();
  const undo = useUndo();
  const page = useStudyPage();
  const tried = shallowRef<Detectors>({});
  const late = shallowRef<Late | null>(null);
  const chosen = ref('');

  const study = computed<Study | null>(() => page.detail?.study ?? null);
  const own = computed<Detectors>(() => study.value?.detectors ?? {});
  const detector = computed<Detector | null>(() => tried.value[chosen.value] ?? null);
  const ownDetector = computed<Detector | null>(() => own.value[chosen.value] ?? null);

  function reset(): void {
    tried.value = own.value;
    late.value = study.value?.late ?? null;
    if (!Object.hasOwn(tried.value, chosen.value)) chosen.value = Object.keys(tried.value)[0] ?? '';
  }
  const scoringOf = (detectors: Detectors, value: Late | null | undefined): string =>
    JSON.stringify([detectors, value]);
  // A study that is read again is another object with the same detectors. Where they were changed in another window, what is being tried
  // here is kept; the study's own follow.
  watch(
    () => [page.detail?.id, scoringOf(own.value, study.value?.late)] as const,
    ([id], before) => {
      const [idBefore, ownBefore] = before ?? [];
      if (id !== idBefore || scoringOf(tried.value, late.value) === ownBefore) reset();
    },
    { immediate: true },
  );

  const stored = computed(() => [
    ...new Set(study.value?.conditions.flatMap(({ settings }) => seriesNames(settings.probes)) ?? []),
  ]);
  /** The longest condition's last epoch. */
  const lastEpoch = computed(() => lastEpochOf(study.value ?? { conditions: [] }));

  watch(
    () => [...new Set([detector.value?.series, late.value?.series])].filter((name) => name !== undefined),
    (names) => page.readAlso(names),
    { immediate: true },
  );

  /** Read anew when the rows change, not when a slider moves. */
  const runs = computed<readonly RescoredRun[]>(() => {
    void page.seriesVersion;
    return page.figureRuns().map((run) => ({ ...run, state: page.runs.get(run.id)?.state ?? 'queued' }));
  });
  /** The study with the conditions that are being compared, which decide what counts as a control. */
  const compared = computed(() => {
    const [open, range] = [study.value, late.value];
    return open && range ? { conditions: open.conditions, late: range } : null;
  });
  const watched = computed(() =>
    compared.value && detector.value ? watchRuns(compared.value, runs.value, detector.value) : [],
  );
  const ownWatched = computed(() =>
    study.value && ownDetector.value ? watchRuns(study.value, runs.value, ownDetector.value) : [],
  );
  const fires = computed(() => (detector.value ? scoreFires(detector.value, watched.value) : []));
  const ownFires = computed(() => (ownDetector.value ? scoreFires(ownDetector.value, ownWatched.value) : []));
  const lateScore = computed(() =>
    study.value && late.value ? scoreLate(study.value, runs.value, late.value) : null,
  );
  const ownLateScore = computed(() =>
    study.value ? scoreLate(study.value, runs.value, study.value.late) : null,
  );

  const swept = computed(() =>
    detector.value
      ? sweepDetector(detector.value, ownDetector.value, watched.value, late.value?.separation ?? null)
      : null,
  );
  const margin = computed(() => swept.value?.margin ?? null);
  /** Whether the lab has more of the series than has come yet. */
  const reading = computed(() => detector.value !== null && page.lacks(detector.value.series));

  const changed = computed(
    () =>
      new Set(
        Object.keys(tried.value).filter(
          (name) => JSON.stringify(tried.value[name]) !== JSON.stringify(own.value[name]),
        ),
      ),
  );
  const lateChanged = computed(() => JSON.stringify(late.value) !== JSON.stringify(study.value?.late));
  const isChanged = computed(
    () =>
      changed.value.size > 0 ||
      lateChanged.value ||
      Object.keys(tried.value).length !== Object.keys(own.value).length,
  );
  /** An interval between detectors goes with either of them. */
  const intervals = computed(() =>
    Object.fromEntries(
      Object.entries(study.value?.intervals ?? {}).filter(([, ends]) =>
        [ends.from, ends.to].every((end) => Object.hasOwn(tried.value, end)),
      ),
    ),
  );
  const text = computed(() =>
    late.value ? writeScoring({ detectors: tried.value, intervals: intervals.value, late: late.value }) : '',
  );

  const removed = computed(() => Object.keys(own.value).filter((name) => !Object.hasOwn(tried.value, name)));

  /** The study keeps what is tried here: every page, report and export scores its runs with it from now on. */
  async function keep(): Promise<void> {
    const before = page.detail;
    const range = late.value;
    if (!before || !range) return;
    const { id, name } = before;
    await lab.attempt(async () => {
      const { study: now } = await client.setDetectors({
        id,
        detectors: tried.value,
        intervals: intervals.value,
        late: lateChange(range),
      });
      take(id, now);
      undo.offer(`${name} keeps these detectors. Its runs are scored anew.`, () => takeBack(before));
    });
  }

  async function takeBack({ id, name, study: had }: StudyDetail): Promise<void> {
    await lab.attempt(async () => {
      const { detectors, intervals } = had;
      take(id, (await client.setDetectors({ id, detectors, intervals, late: lateChange(had.late) })).study);
      notices.add('info', `${name} has the detectors it had before.`);
    });
  }

  /** The lab's answer is tried from here on: nothing differs from it then. */
  function take(id: number, now: Study): void {
    if (page.detail?.id !== id) return;
    tried.value = now.detectors;
    late.value = now.late;
    if (!Object.hasOwn(tried.value, chosen.value)) chosen.value = Object.keys(tried.value)[0] ?? '';
  }

  /** Changes the chosen detector; a field that its kind has not is refused by the type. */
  function change(next: Detector): void {
    tried.value = { ...tried.value, [chosen.value]: next };
  }

  /** @returns the new detector's name: the series', with a number where that is taken */
  function add(kind: Detector['kind']): string {
    const series = detector.value?.series ?? stored.value[0] ?? 'test.accuracy';
    const base = `${series.split('.').at(-1) ?? series} ${kind}`;
    let name = base;
    for (let count = 2; Object.hasOwn(tried.value, name); count++) name = `${base} ${count}`;
    const common = { series, from: 0, direction: 'rising' as const };
    tried.value = {
      ...tried.value,
      [name]:
        kind === 'slope'
          ? { kind, lag: 25, threshold: 0.04, ...common }
          : { kind, threshold: 0.5, ...common },
    };
    chosen.value = name;
    return name;
  }

  function remove(name: string): void {
    const { [name]: _, ...rest } = tried.value;
    tried.value = rest;
    if (chosen.value === name) chosen.value = Object.keys(rest)[0] ?? '';
  }

  /** Puts back one detector as the study has it. */
  function restore(name: string): void {
    if (!Object.hasOwn(own.value, name)) return;
    // In the study's order, which is that of its tables.
    const all = { ...own.value, ...tried.value, [name]: own.value[name] };
    const shown = (key: string): boolean => key === name || Object.hasOwn(tried.value, key);
    tried.value = Object.fromEntries(Object.entries(all).filter(([key]) => shown(key)));
    if (chosen.value === '') chosen.value = name;
  }

  return {
    study,
    studyId: computed(() => page.detail?.id ?? null),
    tried,
    own,
    chosen,
    detector,
    ownDetector,
    late,
    stored,
    lastEpoch,
    runs,
    fires,
    ownFires,
    lateScore,
    ownLateScore,
    swept,
    margin,
    reading,
    changed,
    removed,
    lateChanged,
    isChanged,
    text,
    change,
    add,
    remove,
    restore,
    reset,
    keep,
  };
});
