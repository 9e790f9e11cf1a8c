import { computed, ref, watchEffect } from 'vue';
import type { Theme } from '#shared/figures/palette.ts';
import { remembered } from './remembered.ts';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const system = window.matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = ref(system.matches);
system.addEventListener('change', () => (systemIsDark.value = system.matches));

/** What a person wants: as the system is, unless said otherwise. */
export const themeChoice = remembered<ThemeChoice>('theme', 'system', themeChoices);

/** Light or dark, as the window is now. */
export const systemTheme = computed<Theme>(() => {
  if (themeChoice.value !== 'system') return themeChoice.value;
  return systemIsDark.value ? 'dark' : 'light';
});

watchEffect(() => {
  const { classList, style } = document.documentElement;
  classList.toggle('dark', systemTheme.value === 'dark');
  // What the browser itself draws: scroll bars, form fields.
  style.colorScheme = systemTheme.value;
});
