import { createRouter, createWebHashHistory } from 'vue-router';
import ComparePage from './views/ComparePage.vue';
import DetectorsPage from './views/DetectorsPage.vue';
import MatrixPage from './views/MatrixPage.vue';
import DeletedPage from './views/DeletedPage.vue';
import DoctorPage from './views/DoctorPage.vue';
import ReportPage from './views/ReportPage.vue';
import RunPage from './views/RunPage.vue';
import RunsPage from './views/RunsPage.vue';
import StartPage from './views/StartPage.vue';
import StudyPage from './views/StudyPage.vue';

/** Behind the hash: the hosts serve one page, and a reload finds the same place. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'start', component: StartPage },
    { path: '/studies/:id(\\d+)', name: 'study', component: StudyPage },
    { path: '/studies/:id(\\d+)/detectors', name: 'detectors', component: DetectorsPage },
    { path: '/studies/:id(\\d+)/matrix', name: 'matrix', component: MatrixPage },
    { path: '/studies/:id(\\d+)/report', name: 'report', component: ReportPage },
    { path: '/runs/:id(\\d+)', name: 'run', component: RunPage },
    { path: '/compare', name: 'compare', component: ComparePage },
    { path: '/runs', name: 'runs', component: RunsPage },
    { path: '/doctor', name: 'doctor', component: DoctorPage },
    { path: '/deleted', name: 'deleted', component: DeletedPage },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
