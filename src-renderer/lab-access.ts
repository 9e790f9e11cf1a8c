import type { InjectionKey } from 'vue';
import { inject } from 'vue';
import type { LabClient } from '#shared/contract/contract.ts';
import type { Connection } from './client/connection.ts';

/**
 * The lab behind the window. Injected and not kept in a store: a client answers to every name, which a store takes for a reactive value.
 */
export interface LabAccess {
  readonly client: LabClient;
  readonly connection: Connection;
}

export const labKey: InjectionKey<LabAccess> = Symbol('lab');

export function useLabAccess(): LabAccess {
  const access = inject(labKey);
  if (!access) throw new Error('The window was mounted without its lab.');
  return access;
}
