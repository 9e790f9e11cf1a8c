import { ProblemError } from '#shared/models/problem.ts';
import { createCore } from '../../../core/create-core.ts';
import type { LocalCore } from '../../../core/create-core.ts';
import { defaultLabPath } from '../../../store/location.ts';
import { openLabStore } from '../../../store/lab-store.ts';
import type { LabStore } from '../../../store/lab-store.ts';
import { nodeTrainers } from '../../node-trainers.ts';
import { attachLab } from '../attach-lab.ts';
import { localLab } from '../training-lab.ts';
import type { TrainingLab } from '../training-lab.ts';
import type { Terminal } from '../terminal.ts';
import { resolvePath } from '../terminal.ts';

export interface LabOption {
  readonly lab?: string;
}

export function labPath(terminal: Terminal, { lab }: LabOption): string {
  return lab
    ? resolvePath(terminal, lab)
    : defaultLabPath(terminal.environment, process.platform, terminal.home);
}

/** Opens the lab's file, hands it to `use`, and closes it whatever happens. */
export async function withLab<T>(
  terminal: Terminal,
  options: LabOption & { readonly readOnly?: boolean },
  use: (store: LabStore) => Promise<T> | T,
): Promise<T> {
  const store = openLabStore(labPath(terminal, options), {
    readOnly: options.readOnly ?? false,
    onUpgrade: terminal.say,
  });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

/** Opens the lab as a host of its own; on the way out trainers are stopped and the last rows are stored. */
export async function withCore<T>(
  terminal: Terminal,
  options: LabOption & { readonly workers?: number },
  use: (core: LocalCore) => Promise<T>,
): Promise<T> {
  const core = openCore(terminal, options);
  try {
    return await use(core);
  } finally {
    await core.close();
  }
}

function openCore(terminal: Terminal, options: LabOption & { readonly workers?: number }): LocalCore {
  const store = openLabStore(labPath(terminal, options), {
    program: `grokscope ${process.argv[2] ?? ''}`.trim(),
    onUpgrade: terminal.say,
  });
  const { workers } = options;
  return createCore({ store, trainers: nodeTrainers, ...(workers === undefined ? {} : { workers }) });
}

/** Opens the lab to train in it, or, where another host has it open, that host. */
export async function withTrainingLab<T>(
  terminal: Terminal,
  options: LabOption & { readonly workers?: number },
  use: (lab: TrainingLab) => Promise<T>,
): Promise<T> {
  const lab = await openOrAttach(terminal, options);
  try {
    return await use(lab);
  } finally {
    await lab.close();
  }
}

async function openOrAttach(
  terminal: Terminal,
  options: LabOption & { readonly workers?: number },
): Promise<TrainingLab> {
  try {
    return localLab(openCore(terminal, options));
  } catch (error) {
    const locked = error instanceof ProblemError && error.problems.some(({ code }) => code === 'lab-locked');
    const attached = locked ? await attachLab(labPath(terminal, options)) : null;
    if (!attached) throw error;
    terminal.say('Another host has this lab open; it does the training.');
    return attached;
  }
}
