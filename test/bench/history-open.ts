// The fresh process of `history.ts`: opens the lab named on its command line, measures, prints one JSON object.
import { openLabStore } from '#main/store/lab-store.ts';

export interface HistoryMeasurement {
  readonly steps: readonly { readonly what: string; readonly milliseconds: number }[];
  readonly megabytesBefore: number;
  readonly megabytesAfter: number;
}

function megabytes(): number {
  return process.memoryUsage().rss / 1e6;
}

function measure(lab: string): HistoryMeasurement {
  const steps: { what: string; milliseconds: number }[] = [];
  const megabytesBefore = megabytes();
  const start = performance.now();
  const store = openLabStore(lab);
  const timed = <T>(what: string, work: () => T): T => {
    const begun = performance.now();
    const result = work();
    steps.push({ what, milliseconds: performance.now() - begun });
    return result;
  };
  const first = timed('first table: 100 newest runs of all', () =>
    store.table.page({ descending: true, limit: 100 }),
  );
  steps.unshift({ what: 'open to first table (target 1,000 ms)', milliseconds: performance.now() - start });
  timed('process start to first table', () => undefined);
  steps[steps.length - 1] = { what: 'process start to first table', milliseconds: performance.now() };
  timed('the same page again', () => store.table.page({ descending: true, limit: 100 }));
  timed('sorted by test accuracy, first 100', () =>
    store.table.page({ sort: 'testAccuracy', descending: true, limit: 100 }),
  );
  timed('sorted by study, last 100', () =>
    store.table.page({ sort: 'study', offset: first.total - 100, limit: 100 }),
  );
  timed('filtered by condition and state, first 100', () =>
    store.table.page({ condition: 'control', states: ['finished'], limit: 100 }),
  );
  timed('filtered by words, first 100', () => store.table.page({ text: 'study 4 control', limit: 100 }));
  timed('every run as a table row', () => store.table.page());
  timed('every run with its settings', () => store.runs.list());
  timed('every study', () => store.studies.list());
  timed('one series of 100 runs', () => {
    for (const { id } of first.rows) store.series.read(id, 'test.accuracy');
  });
  const megabytesAfter = megabytes();
  store.close();
  return { steps, megabytesBefore, megabytesAfter };
}

process.stdout.write(JSON.stringify(measure(process.argv[2] ?? '')));
