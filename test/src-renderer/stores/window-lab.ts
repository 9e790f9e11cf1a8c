import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import type { Core } from '#main/core/core.ts';
import { labKey } from '../../../src-renderer/lab-access.ts';
import type { Connected } from '../../contract/transports.ts';
import { overMessagePort } from '../../contract/transports.ts';

/** The stores of a window over the contract to this core, without a page. */
export async function windowOver(core: Core): Promise<Connected> {
  const connected = await overMessagePort(core);
  const pinia = createPinia();
  createApp({}).provide(labKey, connected).use(pinia);
  setActivePinia(pinia);
  return connected;
}
