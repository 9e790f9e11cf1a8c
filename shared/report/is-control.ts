import type { Condition, Late } from '#shared/models/study.ts';

/** Without weight decay, or the condition that the study divides by. */
export function isControl({ name, settings }: Condition, late: Pick<Late, 'separation'>): boolean {
  return settings.optimizer.weightDecay === 0 || late.separation?.[1] === name;
}
