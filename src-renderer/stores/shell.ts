import { defineStore } from 'pinia';
import { ref } from 'vue';

/** What of the window is open over or beside its page, so that menus, palette, shortcuts and buttons open and close the same thing. */
export const useShell = defineStore('shell', () => {
  const palette = ref(false);
  const settings = ref(false);
  const about = ref(false);
  const notices = ref(false);
  const exporting = ref(false);
  /** Counts how often the history's search was asked for: whoever shows it takes the focus. */
  const searches = ref(0);

  return { palette, settings, about, notices, exporting, searches };
});
