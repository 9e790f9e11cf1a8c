/** Epochs of one series in a full chunk; see `migrations/0001-initial.ts` for why 250. */
export const chunkEpochs = 250;
