import './jitless.ts';
import './main.css';
import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { createClient } from '#shared/contract/client.ts';
import App from './App.vue';
import { desktopKey } from './desktop-access.ts';
import { labKey } from './lab-access.ts';
import { openConnection } from './open-connection.ts';
import { router } from './router.ts';

const { connection, desktop } = await openConnection(window);

createApp(App)
  .provide(labKey, { client: createClient(connection.link), connection })
  .provide(desktopKey, desktop)
  .use(createPinia())
  .use(router)
  .use(ui)
  .mount('#app');
