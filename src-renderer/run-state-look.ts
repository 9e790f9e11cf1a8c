import type { RunState } from '#shared/models/run.ts';

export interface StateLook {
  readonly icon: string;
  /** Text colour, for icons. */
  readonly colour: string;
  /** A cell of the seed grid. */
  readonly cell: string;
}

/** How a state looks wherever it is shown; each has a shape of its own, so that colour is never needed to tell it. */
export const stateLooks: Readonly<Record<RunState, StateLook>> = {
  queued: {
    icon: 'i-lucide-circle-dashed',
    colour: 'text-dimmed',
    cell: 'border-dashed border-accented text-dimmed',
  },
  running: {
    icon: 'i-lucide-circle-play',
    colour: 'text-primary',
    cell: 'border-primary text-highlighted',
  },
  finished: {
    icon: 'i-lucide-circle-check',
    colour: 'text-success',
    cell: 'border-transparent bg-success/15 text-highlighted',
  },
  failed: {
    icon: 'i-lucide-circle-x',
    colour: 'text-error',
    cell: 'border-error bg-error/15 text-error',
  },
  interrupted: {
    icon: 'i-lucide-circle-pause',
    colour: 'text-warning',
    cell: 'border-warning/60 bg-warning/10 text-highlighted',
  },
  cancelled: {
    icon: 'i-lucide-circle-slash',
    colour: 'text-dimmed',
    cell: 'border-transparent bg-elevated text-dimmed',
  },
};
