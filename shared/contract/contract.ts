import type { ContractRouterClient } from '@orpc/contract';
import { exchangeOperations } from './exchange.ts';
import { labOperations } from './lab.ts';
import { matrixOperations } from './matrices.ts';
import { runOperations } from './runs.ts';
import { seriesOperations } from './series.ts';
import { studyOperations } from './studies.ts';

/**
 * Everything a window, a browser page or a script can ask of the lab, once. The host implements it (src-main/contract), clients are
 * derived from it (client.ts); an operation is called as the core calls it.
 */
export const contract = {
  ...labOperations,
  ...studyOperations,
  ...runOperations,
  ...seriesOperations,
  ...matrixOperations,
  ...exchangeOperations,
};

export type Contract = typeof contract;
export type LabClient = ContractRouterClient<Contract>;
