import type { InjectionKey } from 'vue';
import { inject } from 'vue';
import type { Desktop } from './client/connect-desktop.ts';

export const desktopKey: InjectionKey<Desktop | null> = Symbol('desktop');

/** The desktop around the window; null in a browser. */
export function useDesktop(): Desktop | null {
  return inject(desktopKey, null);
}
