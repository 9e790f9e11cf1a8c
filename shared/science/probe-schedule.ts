/**
 * When a costly probe is due: at epochs divisible by `every`; from `later.from` on, at those divisible by `later.every`.
 *
 * A schedule is of epochs alone, never of what was measured: seeds that switched over when their own rho had fired would leave medians
 * over the seeds that had not. See docs/decisions/0009.
 */
export interface ProbeSchedule {
  readonly every: number;
  readonly later?: { readonly from: number; readonly every: number };
}

/** Whether the probe is due at an epoch. */
export function isDue({ every, later }: ProbeSchedule, epoch: number): boolean {
  return epoch % (later && epoch >= later.from ? later.every : every) === 0;
}

/** At how many of the epochs 0..last the probe is due. */
export function dueCount({ every, later }: ProbeSchedule, last: number): number {
  if (!later || later.from > last) return multiples(every, last);
  const before = multiples(every, later.from - 1);
  return before + multiples(later.every, last) - multiples(later.every, later.from - 1);
}

/** Whether the probe is due at an epoch of `first`..`last` and at the one a lag before it; with lag 0, at any of them. */
export function meetsLag(schedule: ProbeSchedule, lag: number, first: number, last: number): boolean {
  const { every, later } = schedule;
  const start = Math.max(first, lag);
  const end = Math.min(last, later ? later.from - 1 : last);
  if (lag % every === 0 && hasMultiple(every, start, end)) return true;
  if (!later) return false;
  const { from } = later;
  if (lag % later.every === 0 && hasMultiple(later.every, Math.max(start, from + lag), last)) return true;
  // One on either side of the change.
  for (let epoch = Math.max(start, from); epoch <= Math.min(last, from + lag - 1); epoch++)
    if (isDue(schedule, epoch) && isDue(schedule, epoch - lag)) return true;
  return false;
}

function hasMultiple(step: number, from: number, to: number): boolean {
  return from <= to && multiples(step, to) > multiples(step, from - 1);
}

/** How many of 0..last are divisible by `step`. */
function multiples(step: number, last: number): number {
  return Math.floor(last / step) + 1;
}

/** `every epoch until 50, then every 5th epoch`; null when the probe is due at every epoch. */
export function scheduleText({ every, later }: ProbeSchedule): string | null {
  if (!later) return every === 1 ? null : often(every);
  return `${often(every)} until ${later.from}, then ${often(later.every)}`;
}

function often(every: number): string {
  return every === 1 ? 'every epoch' : `every ${every}${ordinalEnding(every)} epoch`;
}

function ordinalEnding(count: number): string {
  const tens = count % 100;
  if (tens >= 11 && tens <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][count % 10] ?? 'th';
}
