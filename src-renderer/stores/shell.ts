import { defineStore } from 'pinia';
import { ref } from 'vue';
import { rememberedFlag } from '../remembered.ts';

/** What of the window is open over or beside its page, so that menus, palette, shortcuts and buttons open and close the same thing. */
export const useShell = defineStore('shell', () => {
  const palette = ref(false);
  /** The drawer of settings and notes: who works with it has it open the next time too. */
  const settings = rememberedFlag('drawer.open', false);
  const about = ref(false);
  const shortcuts = ref(false);
  const notices = ref(false);
  const exporting = ref(false);
  /** Counts how often the history's search was asked for: whoever shows it takes the focus. */
  const searches = ref(0);

  return { palette, settings, about, shortcuts, notices, exporting, searches };
});
