import { createCore } from '../../../core/create-core.ts';
import type { LocalCore } from '../../../core/create-core.ts';
import { defaultLabPath } from '../../../store/location.ts';
import { openLabStore } from '../../../store/lab-store.ts';
import type { LabStore } from '../../../store/lab-store.ts';
import { nodeTrainers } from '../../node-trainers.ts';
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
  const store = openLabStore(labPath(terminal, options), { readOnly: options.readOnly ?? false });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

/** Opens the lab to train in it; on the way out trainers are stopped and the last rows are stored. */
export async function withCore<T>(
  terminal: Terminal,
  options: LabOption & { readonly workers?: number },
  use: (core: LocalCore) => Promise<T>,
): Promise<T> {
  const store = openLabStore(labPath(terminal, options));
  const { workers } = options;
  const core = createCore({ store, trainers: nodeTrainers, ...(workers === undefined ? {} : { workers }) });
  try {
    return await use(core);
  } finally {
    await core.close();
  }
}
