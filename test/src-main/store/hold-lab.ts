/**
 * A second process for the tests of locking and kill: opens the lab as its writer and reports on stdout. Arguments: the lab, and
 * what to do: `hold` until killed, `read` the runs, `append` rows to run 1 until killed (one line a committed batch), `open` and close.
 */
import { writeSync } from 'node:fs';
import { ProblemError } from '#shared/models/problem.ts';
import { openLabStore } from '#main/store/lab-store.ts';
import { columnsFrom, provenance } from './store-values.ts';

/**
 * Waits until there is room for it, so that whoever does not listen holds this process up. `console.log` would keep for later what does not fit,
 * and where nothing is ever waited for, as while appending, say no more.
 */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const [path = '', mode] = process.argv.slice(2);
try {
  const store = openLabStore(path, { readOnly: mode === 'read', program: 'the test’s second program' });
  say(mode === 'read' ? `${store.runs.list().length} runs` : 'open');
  if (mode === 'open') store.close();
  // Nothing refers to the store any more: the lock must not go with the garbage.
  if (mode === 'hold') setInterval(() => {}, 1000);
  if (mode === 'append') {
    const names = ['test.loss', 'spectrum.W.ratio23'];
    store.runs.start(1, provenance);
    for (let epoch = 0; ; epoch += 3) {
      store.series.append(1, epoch, names, columnsFrom(names, epoch, 3));
      say(`rows ${epoch + 3}`);
    }
  }
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  say(`${error.problems[0]?.code}: ${error.message}`);
}
