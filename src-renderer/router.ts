import { createRouter, createWebHashHistory, START_LOCATION } from 'vue-router';
import { ownTurn } from './own-turn.ts';

/** A page and the drawing library, each evaluated in a task of its own. */
function withCharts<T>(page: () => Promise<T>): () => Promise<T> {
  return async () => {
    await import('./charts.ts');
    return page();
  };
}

/** The first page needs the script of no other; `loadPages` fetches what it left. */
const pages = {
  start: () => import('./views/StartPage.vue'),
  study: withCharts(() => import('./views/StudyPage.vue')),
  detectors: withCharts(() => import('./views/DetectorsPage.vue')),
  matrix: withCharts(() => import('./views/MatrixPage.vue')),
  report: withCharts(() => import('./views/ReportPage.vue')),
  run: withCharts(() => import('./views/RunPage.vue')),
  compare: withCharts(() => import('./views/ComparePage.vue')),
  runs: () => import('./views/RunsPage.vue'),
  doctor: () => import('./views/DoctorPage.vue'),
  deleted: () => import('./views/DeletedPage.vue'),
} as const;

const history = createWebHashHistory();

/** Behind the hash: the hosts serve one page, and a reload finds the same place. */
export const router = createRouter({
  history,
  routes: [
    { path: '/', name: 'start', component: pages.start },
    { path: '/studies/:id(\\d+)', name: 'study', component: pages.study },
    { path: '/studies/:id(\\d+)/detectors', name: 'detectors', component: pages.detectors },
    { path: '/studies/:id(\\d+)/matrix', name: 'matrix', component: pages.matrix },
    { path: '/studies/:id(\\d+)/report', name: 'report', component: pages.report },
    { path: '/runs/:id(\\d+)', name: 'run', component: pages.run },
    { path: '/compare', name: 'compare', component: pages.compare },
    { path: '/runs', name: 'runs', component: pages.runs },
    { path: '/doctor', name: 'doctor', component: pages.doctor },
    { path: '/deleted', name: 'deleted', component: pages.deleted },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

/** The router hears of no other address before its first page is there: it goes then to where somebody went meanwhile. */
let opened = history.location;
router.beforeResolve((_to, from) => {
  const address = window.location.hash.slice(1) || '/';
  if (from !== START_LOCATION || address === opened) return true;
  opened = address;
  return address;
});

/** Fetches every page, one after the other and behind all else: they have to open where the host is gone, or is a newer one, too. */
export async function loadPages(): Promise<void> {
  for (const load of Object.values(pages)) {
    await ownTurn('background');
    // Where it cannot be had now, it is asked for again when somebody goes there.
    await load().catch(() => undefined);
  }
}
