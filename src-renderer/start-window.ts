import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { createClient } from '#shared/contract/client.ts';
import App from './App.vue';
import { desktopKey } from './desktop-access.ts';
import { FigureDesk, figuresKey } from './figures/figure-desk.ts';
import { startWorker } from './figures/start-worker.ts';
import { labKey } from './lab-access.ts';
import type { OpenedWindow } from './open-connection.ts';
import { nextTask } from './next-task.ts';
import { paceKey } from './pace.ts';
import { paceOf } from './paced-page.ts';
import { router } from './router.ts';

/** Draws the window into the page. */
export async function startWindow({ connection, desktop }: OpenedWindow): Promise<void> {
  const app = createApp(App)
    .provide(labKey, { client: createClient(connection.link), connection })
    .provide(paceKey, paceOf(window))
    .provide(desktopKey, desktop)
    .provide(figuresKey, new FigureDesk(startWorker()))
    .use(createPinia())
    .use(router)
    .use(ui);
  // The first page's script has come: what is drawn can be used.
  await router.isReady();
  await nextTask();
  app.mount('#app');
}
