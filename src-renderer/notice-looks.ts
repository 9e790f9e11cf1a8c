import type { NoticeLevel } from './stores/notices.ts';

/** How a notice of each level looks, wherever it is shown. */
export const noticeLooks: Readonly<
  Record<NoticeLevel, { icon: string; color: 'neutral' | 'warning' | 'error'; colour: string }>
> = {
  info: { icon: 'i-lucide-info', color: 'neutral', colour: 'text-muted' },
  warning: { icon: 'i-lucide-triangle-alert', color: 'warning', colour: 'text-warning' },
  error: { icon: 'i-lucide-circle-alert', color: 'error', colour: 'text-error' },
};
