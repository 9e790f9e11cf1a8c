import type { LabClient } from '#shared/contract/contract.ts';

interface Question {
  readonly runIds: readonly number[];
  readonly name: string;
  readonly first: number;
}

/** A lab with these series, which remembers what it was asked. Cuts ranges as the real one does. */
export function labWith(series: Record<number, Record<string, number[]>>): {
  readonly client: Pick<LabClient, 'series'>;
  readonly asked: Question[];
} {
  const asked: Question[] = [];
  return {
    asked,
    client: {
      series: async ({ runIds, name, range }) => {
        const first = range?.[0] ?? 0;
        asked.push({ runIds, name, first });
        return runIds.flatMap((runId) => {
          const values = series[runId][name];
          if (!values) return [];
          const found = Float64Array.from(values).subarray(first, (range?.[1] ?? Infinity) + 1);
          return [{ runId, name, first, epochs: null, values: found, stored: found.length }];
        });
      },
    },
  };
}
