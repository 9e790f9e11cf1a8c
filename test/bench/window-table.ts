import { writeHistory } from '../e2e/history-lab.ts';
import { openWindow } from '../e2e/open-window.ts';
import { timed, timedLoad, watch } from './in-page.ts';
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

/** The table of all runs over a history that the real host has open. */
export async function measureTable(
  browser: string,
  size: { readonly runs: number; readonly epochs: number; readonly rounds: number },
): Promise<readonly Measured[]> {
  let runs = 0;
  const there = await openWindow(browser, (lab) => {
    const studies = Math.max(1, Math.round(size.runs / (2 * seeds)));
    runs = writeHistory(lab, { studies, seeds, epochs: size.epochs });
  });
  try {
    const { page } = there;
    await watch(page);
    await page.evaluate("location.hash = '#/runs'");
    await page.getByRole('grid').waitFor();
    // A history that this lab did not train is scored once, behind the table; that is measured by itself.
    const start = performance.now();
    await page.getByText(/^Measuring/).waitFor({ state: 'hidden', timeout: 600_000 });
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
      await page.getByRole('grid').waitFor({ state: 'detached' });
      for (const step of steps(runs)) measured.push(await timed(page, step));
    }
    return measured;
  } finally {
    await there.close();
  }
}
