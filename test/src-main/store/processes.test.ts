import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openLabStore } from '#main/store/lab-store.ts';
import { openTestLab, refusal, temporaryFolder, testStudy } from './lab-fixtures.ts';
import { columnsFrom, provenance } from './store-values.ts';

// Every claim here is about a second process, so there is one.
const script = join(import.meta.dirname, 'hold-lab.ts');

interface Second {
  readonly child: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

function second(lab: string, mode: string, ids: { uid?: number; gid?: number } = {}): Second {
  const child = spawn(process.execPath, [script, lab, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...ids,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function line(process: Second): Promise<string> {
  const next = await process.lines.next();
  return next.done === true ? '(ended)' : next.value;
}

async function kill(process: Second): Promise<void> {
  const gone = new Promise((resolve) => process.child.once('exit', resolve));
  process.child.kill('SIGKILL');
  await gone;
}

function labWithRuns(): string {
  const store = openTestLab();
  const study = testStudy({ epochs: 1_000_000, late: '[0, 10]' });
  store.runs.ensure(store.studies.save(study, 'small.yaml').id, study);
  store.close();
  return store.path;
}

test('while a process writes to a lab a second writer is refused, and readers are not', async () => {
  const path = labWithRuns();
  const holder = second(path, 'hold');
  expect(await line(holder)).toBe('open');
  expect(refusal(() => openLabStore(path))).toMatchObject({
    code: 'lab-locked',
    message: expect.stringContaining(path),
  });
  const reader = openTestLab(path, { readOnly: true });
  expect(reader.runs.list().length).toBe(4);
});

test('the refusal names the program and process that hold the lab, and nobody once that one was killed', async () => {
  const path = labWithRuns();
  const holder = second(path, 'hold');
  expect(await line(holder)).toBe('open');
  expect(refusal(() => openLabStore(path)).message).toContain(
    `another Grokscope (the test’s second program, process ${holder.child.pid}, since `,
  );
  await kill(holder);
  expect(existsSync(`${path}-holder`)).toBe(true);
  const store = openTestLab(path, { program: 'this test' });
  expect(refusal(() => openLabStore(path)).message).toContain(`(this test, process ${process.pid}, since `);
  store.close();
  expect(existsSync(`${path}-holder`)).toBe(false);
});

test('a reader beside the writer sees new rows as they are committed', async () => {
  const path = labWithRuns();
  const writer = second(path, 'append');
  await line(writer);
  const reader = openTestLab(path, { readOnly: true });
  const seen = new Set<number>();
  // As long as it takes to see two lengths: a writer that was far ahead when this process first looked may stand still meanwhile.
  for (let told = 0; told < 60 || seen.size < 2;) {
    told = Number(/^rows (\d+)$/.exec(await line(writer))?.[1] ?? told);
    const { rows } = reader.runs.get(1);
    expect(rows).toBeGreaterThanOrEqual(told);
    seen.add(rows);
  }
});

test('a second writer in this very process is refused too, and the lab is free after close', () => {
  const path = labWithRuns();
  const store = openTestLab(path);
  expect(refusal(() => openLabStore(path)).code).toBe('lab-locked');
  store.close();
  openTestLab(path).close();
});

test('the lock of this process keeps another out', async () => {
  const path = labWithRuns();
  openTestLab(path);
  expect(await line(second(path, 'open'))).toMatch(/^lab-locked: /);
});

test('kill -9 frees the lock', async () => {
  const path = labWithRuns();
  const holder = second(path, 'hold');
  expect(await line(holder)).toBe('open');
  expect(refusal(() => openLabStore(path)).code).toBe('lab-locked');
  await kill(holder);
  const store = openTestLab(path);
  expect(store.runs.list().length).toBe(4);
});

test('kill -9 in the middle of appending keeps every committed row, and the run is found interrupted', async () => {
  const path = labWithRuns();
  const writer = second(path, 'append');
  let told = 0;
  while (told < 900) told = Number(/^rows (\d+)$/.exec(await line(writer))?.[1] ?? told);
  await kill(writer);
  const store = openTestLab(path);
  const run = store.runs.get(1);
  expect(run.state).toBe('interrupted');
  expect(run.problem).toContain('ended while this run was training');
  expect(run.rows).toBeGreaterThanOrEqual(told);
  const names = ['test.loss', 'spectrum.W.ratio23'];
  expect(store.series.readMany(1, names)).toEqual(columnsFrom(names, 0, run.rows));
  store.runs.start(1, provenance);
  store.series.append(1, run.rows, names, columnsFrom(names, run.rows, 3));
  expect(store.series.readMany(1, names)).toEqual(columnsFrom(names, 0, run.rows + 3));
});

test('a reader sees whole batches while another process commits them', async () => {
  const path = labWithRuns();
  const writer = second(path, 'append');
  await line(writer);
  await line(writer);
  // Heard and dropped from now on, a turn a look: it goes on while this process does, and not far ahead of it, or a look would take ever longer.
  await writer.lines.return?.();
  writer.child.stdout?.resume();
  const reader = openTestLab(path, { readOnly: true });
  const names = ['test.loss', 'spectrum.W.ratio23'];
  for (let look = 0; look < 200; look += 1) {
    await nextTurn();
    const read = reader.series.readMany(1, names);
    expect(read[0].length % 3).toBe(0);
    expect(read).toEqual(columnsFrom(names, 0, read[0].length));
  }
});

/** Whether this process may start one as `nobody` that can reach the source: root only, in a readable checkout. */
function canBecomeNobody(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync(process.execPath, ['--version'], { uid: 65534, gid: 65534 });
    execFileSync('test', ['-r', script], { uid: 65534, gid: 65534 });
    return true;
  } catch {
    return false;
  }
}

const unprivileged = canBecomeNobody();
if (!unprivileged) console.warn('SKIPPED: read-only labs need root and a checkout that `nobody` can read');

test.skipIf(!unprivileged)(
  'a read-only file and a read-only folder are refused to writers, and readable',
  async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const nobody = { uid: 65534, gid: 65534 };
    const path = labWithRuns();
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    cpSync(path, join(locked, 'x.lab'));
    chmodSync(locked, 0o555);
    const open = join(folder, 'open');
    mkdirSync(open);
    cpSync(path, join(open, 'x.lab'));
    chmodSync(join(open, 'x.lab'), 0o444);
    chmodSync(open, 0o777);
    expect(await line(second(join(locked, 'x.lab'), 'open', nobody))).toMatch(/^lab-read-only: .*x\.lab/);
    expect(await line(second(join(locked, 'new.lab'), 'open', nobody))).toMatch(/^lab-read-only: .*locked/);
    expect(await line(second(join(open, 'x.lab'), 'open', nobody))).toMatch(/^lab-read-only: .*x\.lab/);
    expect(await line(second(join(locked, 'x.lab'), 'read', nobody))).toBe('4 runs');
    expect(readdirSync(locked)).toEqual(['x.lab']);
  },
);

/** A file system of 8 MB, or null where this process may not mount one. */
function smallDisk(): string | null {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

test('a full disk stops a run with disk-full; every row already written is kept', ({ skip }) => {
  const disk = smallDisk();
  if (disk === null) skip('mounting a small disk needs root');
  const path = join(disk ?? '', 'x.lab');
  const store = openTestLab(path);
  const study = testStudy({ epochs: 1_000_000, late: '[0, 10]' });
  const [run] = store.runs.ensure(store.studies.save(study, 'small.yaml').id, study);
  const names = Array.from({ length: 40 }, (_, index) => `series${index}`);
  store.runs.start(run.id, provenance);
  let rows = 0;
  const found = refusal(() => {
    for (;;) {
      store.series.append(run.id, rows, names, columnsFrom(names, rows, 3));
      rows += 3;
    }
  });
  expect(found).toMatchObject({ code: 'disk-full', message: expect.stringContaining(dirname(path)) });
  expect(rows).toBeGreaterThan(500);
  expect(store.runs.get(run.id).rows).toBe(rows);
  expect(store.series.readMany(run.id, names)).toEqual(columnsFrom(names, 0, rows));
  store.close();
  const again = openTestLab(path, { readOnly: true });
  expect(again.series.readMany(run.id, names)).toEqual(columnsFrom(names, 0, rows));
});
