import { readonly, ref } from 'vue';
import type { Theme } from '#shared/figures/palette.ts';

const system = window.matchMedia('(prefers-color-scheme: dark)');
const theme = ref<Theme>('light');

function follow(): void {
  theme.value = system.matches ? 'dark' : 'light';
  document.documentElement.classList.toggle('dark', system.matches);
}

follow();
system.addEventListener('change', follow);

/** Light or dark, as the system is. */
export const systemTheme = readonly(theme);
