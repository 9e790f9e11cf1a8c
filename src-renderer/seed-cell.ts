import type { RunSummary } from '#shared/models/lab.ts';

/** What a cell of the seed grid says: how far a run is, or when its study's first detector fired. */
export function seedCellText(run: RunSummary, fire: number | null | undefined): string {
  if (run.state === 'finished') {
    if (fire === undefined) return '';
    return fire === null ? '\u2013' : String(fire);
  }
  return run.rows > 0 ? doneText(run) : '';
}

function doneText({ rows, settings }: RunSummary): string {
  return `${Math.floor((100 * rows) / (settings.epochs + 1))}%`;
}

/** The same in words, for whoever points at it or cannot see it. */
export function cellWords(
  run: RunSummary,
  detector: string | null,
  fire: number | null | undefined,
  probing: number | null,
): string {
  const parts = [`${run.condition}, seed ${run.seed}: ${run.state}`];
  // The share as well: what a cell says must be part of its name, or who speaks it to the machine is not understood.
  if (run.state !== 'finished' && run.rows > 0)
    parts.push(`${run.rows} of ${run.settings.epochs + 1} rows (${doneText(run)})`);
  if (run.state === 'running' && probing !== null) parts.push(`probing epoch ${probing}`);
  if (detector !== null && fire !== undefined)
    parts.push(fire === null ? `${detector} has not fired` : `${detector} fired at epoch ${fire}`);
  if (run.problem !== null) parts.push(run.problem);
  return parts.join(', ');
}
