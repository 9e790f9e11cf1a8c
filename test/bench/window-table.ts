import { writeHistory } from '../e2e/history-lab.ts';
import { firstLine } from '../e2e/open-window.ts';
import { Workbench } from '../src-main/hosts/cli/lab-command.ts';
import { openBarePage } from './bare-page.ts';
import { timed, timedLoad, until, watchTasks } from './in-page.ts';
import type { Measured, Step } from './in-page.ts';

const seeds = 100;

const rows = "document.querySelectorAll('[role=grid] [role=row][aria-rowindex]').length > 15";
const firstStudy =
  'document.querySelector(\'[role=grid] [role=row][aria-rowindex="2"] [role=gridcell]:nth-child(2)\')?.textContent.trim()';
const status = "document.querySelector('main [role=status]')?.textContent";

const typed = (text: string): string => `
  const field = document.querySelector('input[aria-label="Filter the runs"]');
  field.value = ${JSON.stringify(text)};
  field.dispatchEvent(new Event('input', { bubbles: true }));`;
const pressed = (column: string): string =>
  `[...document.querySelectorAll('[role=columnheader] button')].find((each) => each.textContent.trim() === ${JSON.stringify(column)}).click();`;

function steps(runs: number): readonly Step[] {
  const all = `${runs.toLocaleString('en')} runs`;
  const some = (count: number): string => `${status} === '${count.toLocaleString('en')} of ${all}'`;
  const studies = runs / (2 * seeds);
  return [
    { what: 'open the table of all runs', goal: 1000, act: "location.hash = '#/runs';", done: rows },
    { what: 'sort by study', goal: 100, act: pressed('study'), done: `${firstStudy} === 'Study 1'` },
    {
      what: 'sort by study, descending',
      goal: 100,
      act: pressed('study'),
      done: `${firstStudy} === 'Study ${studies}'`,
    },
    { what: 'filter by a word', goal: 100, act: typed('control'), done: some(runs / 2) },
    {
      what: 'filter by settings',
      goal: 100,
      act: typed('weightDecay > 0 network.width = 512'),
      done: some(Math.ceil(studies / 2) * seeds),
    },
    {
      what: 'filter by a detector and the newest accuracy',
      goal: 100,
      act: typed('grokked >= 0 test.accuracy >= 0.99'),
      done: some(runs / 2),
    },
    { what: 'no filter again', goal: 100, act: typed(''), done: `${status} === '${all}'` },
    {
      what: 'scroll to the end',
      goal: 100,
      act: "const grid = document.querySelector('[role=grid]'); grid.scrollTop = grid.scrollHeight;",
      done: `document.querySelector('[role=row][aria-rowindex="${runs + 1}"]') !== null`,
    },
  ];
}

/** The table of all runs over a history that the real host has open. A table is a megabyte: see `openBarePage`. */
export async function measureTable(
  browser: string,
  size: { readonly runs: number; readonly epochs: number; readonly rounds: number },
): Promise<readonly Measured[]> {
  const bench = new Workbench();
  const lab = bench.path('table.lab');
  const studies = Math.max(1, Math.round(size.runs / (2 * seeds)));
  const runs = writeHistory(lab, { studies, seeds, epochs: size.epochs });
  const host = bench.start(['serve', '--lab', lab, '--no-open', '--workers', '2']);
  const url = await firstLine(host.child);
  const page = await openBarePage(browser, { url, width: 1280, height: 800, before: watchTasks });
  try {
    await until(page, "document.querySelector('main h1') !== null");
    await page.evaluate("location.hash = '#/runs'");
    await until(page, hasGrid);
    // A history that this lab did not train is scored once, behind the table; that is measured by itself.
    const start = performance.now();
    await until(page, "!document.querySelector('main').textContent.includes('are being made')");
    const measured: Measured[] = [
      {
        what: 'every run scored for the first time',
        value: (performance.now() - start) / 1000,
        unit: 's',
        goal: null,
        longestTask: null,
      },
    ];
    for (let round = 0; round < size.rounds; round++) {
      await page.evaluate("location.hash = '#/runs'; localStorage.removeItem('grokscope.runs.sort')");
      measured.push(
        ...(await timedLoad(page, { what: 'load the window at the table', goal: 1000, done: rows })),
      );
      await page.evaluate("location.hash = '#/deleted'");
      await until(page, `!(${hasGrid})`);
      for (const step of steps(runs)) measured.push(await timed(page, step));
    }
    return measured;
  } finally {
    await page.close();
    host.child.kill('SIGINT');
    await host.outcome;
    bench.remove();
  }
}

const hasGrid = "document.querySelector('[role=grid]') !== null";
