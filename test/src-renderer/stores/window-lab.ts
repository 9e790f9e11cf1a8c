import { createPinia, setActivePinia } from 'pinia';
import type { App } from 'vue';
import { createApp } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import type { Core } from '#main/core/core.ts';
import { FigureDesk, figuresKey } from '../../../src-renderer/figures/figure-desk.ts';
import { labKey } from '../../../src-renderer/lab-access.ts';
import { Pace, paceKey } from '../../../src-renderer/pace.ts';
import type { Connected } from '../../contract/transports.ts';
import { overMessagePort } from '../../contract/transports.ts';

/** The stores of a window over the contract to this core, without a page; at a pace of its own, or at once. */
export async function windowOver(core: Core, pace = noPauses()): Promise<Connected> {
  const connected = await overMessagePort(core);
  const pinia = createPinia();
  createApp({}).provide(labKey, connected).provide(figuresKey, noFigures()).provide(paceKey, pace).use(pinia);
  setActivePinia(pinia);
  return connected;
}

/** Stores draw nothing; what they hand on is not looked at here. */
function noFigures(): FigureDesk {
  return new FigureDesk({ post() {}, listen() {} });
}

/** Whatever comes is shown at once. */
function noPauses(): Pace {
  return new Pace({ processors: 1, isHidden: () => false, now: () => 0, frame: async () => 0 });
}

const empty = { render: () => null };

/** A window without a page around a way to the lab: its stores, and a router of the same places. */
export function windowAround(connected: Pick<Connected, 'client' | 'connection'>): {
  readonly app: App;
  readonly router: Router;
} {
  const pinia = createPinia();
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', name: 'start', component: empty },
      { path: '/studies/:id', name: 'study', component: empty },
      { path: '/runs/:id', name: 'run', component: empty },
    ],
  });
  const app = createApp({})
    .provide(labKey, connected)
    .provide(figuresKey, noFigures())
    .provide(paceKey, noPauses())
    .use(pinia)
    .use(router);
  setActivePinia(pinia);
  return { app, router };
}
