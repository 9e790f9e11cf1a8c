import './jitless.ts';
import './main.css';
import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { createClient } from '#shared/contract/client.ts';
import App from './App.vue';
import { desktopKey } from './desktop-access.ts';
import { FigureDesk, figuresKey } from './figures/figure-desk.ts';
import { startWorker } from './figures/start-worker.ts';
import { labKey } from './lab-access.ts';
import { nextTask } from './next-task.ts';
import { openConnection } from './open-connection.ts';
import { paceKey } from './pace.ts';
import { paceOf } from './paced-page.ts';
import { router } from './router.ts';

const { connection, desktop } = await openConnection(window);
// Evaluating all of the page's script and drawing it would be one long task.
await nextTask();

createApp(App)
  .provide(labKey, { client: createClient(connection.link), connection })
  .provide(paceKey, paceOf(window))
  .provide(desktopKey, desktop)
  .provide(figuresKey, new FigureDesk(startWorker()))
  .use(createPinia())
  .use(router)
  .use(ui)
  .mount('#app');
