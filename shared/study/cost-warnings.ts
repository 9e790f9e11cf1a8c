import type { StudyPreview } from '../models/lab.ts';

const dayInSeconds = 24 * 3600;
const muchDisk = 10e9;

/** What a study would cost that nobody wants to find out afterwards, as sentences. Nothing keeps it from being started. */
export function costWarnings({
  seconds,
  bytes,
  memory,
}: Pick<StudyPreview, 'seconds' | 'bytes' | 'memory'>): string[] {
  const warnings: string[] = [];
  if (seconds !== null && seconds > dayInSeconds)
    warnings.push(
      `It would train for about ${(seconds / dayInSeconds).toFixed(1)} days: fewer seeds or a probe that is due less often tell sooner whether it is worth it. What is trained is kept when it is stopped.`,
    );
  if (bytes > muchDisk)
    warnings.push(
      `It would put about ${Math.round(bytes / 1e9)} GB into the lab: fewer epochs at which repulsion is probed, or fewer pairs, take less.`,
    );
  if (memory.bytes > memory.available * 0.8)
    warnings.push(
      `Its runs would need about ${(memory.bytes / 1e9).toFixed(1)} GB of memory at once, of the ${(memory.available / 1e9).toFixed(1)} GB this machine has: start the lab with fewer --workers, or train a smaller width.`,
    );
  return warnings;
}
