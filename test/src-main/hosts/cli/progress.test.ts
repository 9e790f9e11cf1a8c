import { describe, expect, it } from 'vitest';

import { createProgress, type Progress } from '#main/hosts/cli/progress.ts';
import type { ActiveRun, ProgressState } from '#main/hosts/cli/progress-lines.ts';

interface Recording {
  readonly progress: Progress;
  readonly writes: string[];
  /** What a terminal of these columns shows after all that was written. */
  screen(): string[];
  wait(milliseconds: number): void;
}

function record(options: { isTTY?: boolean; columns?: number }): Recording {
  const writes: string[] = [];
  let now = 0;
  const progress = createProgress({ ...options, write: (text) => writes.push(text) }, () => now);
  return {
    progress,
    writes,
    screen: () => replay(writes.join('')),
    wait: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** The few escapes that progress uses: cursor up, carriage return, clear to the end. Others are shown as they are. */
function replay(output: string): string[] {
  const escape = '\u001B[';
  const lines = [''];
  let row = 0;
  for (const part of output.split(escape)) {
    const command = /^(\d+)A|^(J)|^\?25[lh]/.exec(part);
    if (command?.[1]) row -= Number(command[1]);
    if (command?.[2]) lines.splice(row, Infinity, '');
    const text = part.slice(command?.[0].length ?? 0).replaceAll('\r', '');
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) row += 1;
      lines[row] = (lines[row] ?? '') + piece;
    }
  }
  return lines;
}

const grokking: ActiveRun = { condition: 'grokking', seed: 3, epoch: 231, epochs: 400, testAccuracy: 0.9934 };
const control: ActiveRun = { condition: 'control', seed: 12, epoch: 7, epochs: 400, testAccuracy: NaN };

function state(changes: Partial<ProgressState> = {}): ProgressState {
  return { runsDone: 0, runsFailed: 0, rowsDone: 0, active: [], ...changes };
}

/** A minute at 20 rows a second, an update every 100 ms. */
function trainOneMinute(recording: Recording, changes: Partial<ProgressState> = {}): void {
  for (let step = 0; step <= 600; step++) {
    recording.progress.update(state({ ...changes, rowsDone: step * 2 }));
    recording.wait(100);
  }
}

describe('on a terminal', () => {
  it('shows the overall bar with rate and time left, and a line for each active run', () => {
    const recording = record({ isTTY: true, columns: 100 });
    recording.progress.start({ runs: 30, rows: 12_000 });
    trainOneMinute(recording, { runsDone: 2, active: [grokking, control] });
    // 1,200 rows in 60 s; 10,800 left at 20 a second are 540 s.
    expect(recording.screen()).toEqual([
      '██░░░░░░░░░░░░░░░░░░░░░░ 2/30 runs  1,200/12,000 rows  20.0 rows/s  about 9 min left',
      '  grokking  seed 3   ██████░░░░░░  231/400  test 0.993',
      '  control   seed 12  ░░░░░░░░░░░░    7/400  test -',
      '',
    ]);
  });

  it('redraws at most ten times a second', () => {
    const recording = record({ isTTY: true, columns: 100 });
    recording.progress.start({ runs: 1, rows: 1000 });
    const before = recording.writes.length;
    for (let step = 0; step < 1000; step++) {
      recording.progress.update(state({ rowsDone: step }));
      recording.wait(1);
    }
    expect(recording.writes.length - before).toBeLessThanOrEqual(10);
    expect(recording.writes.length - before).toBeGreaterThanOrEqual(9);
  });

  it('prints messages above the bars and keeps both', () => {
    const recording = record({ isTTY: true, columns: 100 });
    recording.progress.start({ runs: 2, rows: 802 });
    recording.wait(200);
    recording.progress.update(state({ active: [grokking] }));
    recording.progress.message('control seed 2 failed: its loss is NaN at epoch 137');
    recording.progress.message('a second message');
    const screen = recording.screen();
    expect(screen.slice(0, 2)).toEqual([
      'control seed 2 failed: its loss is NaN at epoch 137',
      'a second message',
    ]);
    expect(screen[2]).toContain('0/2 runs');
    expect(screen[3]).toContain('grokking');
    expect(screen).toHaveLength(5);
  });

  it('removes the lines of runs that ended', () => {
    const recording = record({ isTTY: true, columns: 100 });
    recording.progress.start({ runs: 2, rows: 802 });
    recording.wait(200);
    recording.progress.update(state({ active: [grokking, control] }));
    recording.wait(200);
    recording.progress.update(state({ active: [control], runsDone: 1 }));
    expect(recording.screen().join('\n')).not.toContain('grokking');
    expect(recording.screen()).toHaveLength(3);
  });

  it.each([20, 40, 60, 80, 200])('never writes a line longer than %i columns', (columns) => {
    const recording = record({ isTTY: true, columns });
    recording.progress.start({ runs: 30, rows: 12_000 });
    const long = { ...grokking, condition: 'optimizer.weightDecay=0.0002 '.repeat(3), phase: 'repulsion' };
    trainOneMinute(recording, { active: [long, control] });
    const lengths = recording.screen().map((line) => line.length);
    expect(Math.max(...lengths)).toBeLessThan(columns);
    expect(recording.screen()).toHaveLength(4);
  });

  it('takes a terminal that does not know its width for one of 80 columns', () => {
    const screens = [0, 80].map((columns) => {
      const recording = record({ isTTY: true, columns });
      recording.progress.start({ runs: 30, rows: 12_000 });
      trainOneMinute(recording, { active: [grokking, control] });
      return recording.screen();
    });
    expect(screens[0]).toEqual(screens[1]);
  });

  it('names the phase of a run that probes', () => {
    const recording = record({ isTTY: true, columns: 100 });
    recording.progress.start({ runs: 1, rows: 401 });
    recording.wait(200);
    recording.progress.update(state({ active: [{ ...grokking, phase: 'repulsion' }] }));
    expect(recording.screen()[1]).toMatch(/test 0\.993 {2}repulsion$/);
  });

  it('hides the cursor while it draws and gives it back once, with the last state standing', () => {
    const recording = record({ isTTY: true, columns: 100 });
    recording.progress.start({ runs: 1, rows: 401 });
    recording.progress.update(state({ runsDone: 1, rowsDone: 401, active: [] }));
    recording.progress.finish();
    recording.progress.finish();
    const output = recording.writes.join('');
    expect(output.split('\u001B[?25l')).toHaveLength(2);
    expect(output.split('\u001B[?25h')).toHaveLength(2);
    expect(output.endsWith('\u001B[?25h')).toBe(true);
    expect(recording.screen()[0]).toContain('1/1 runs  401/401 rows');
  });
});

describe('not on a terminal', () => {
  it('writes one plain line in 5 s, without escapes', () => {
    const recording = record({});
    recording.progress.start({ runs: 30, rows: 12_000 });
    trainOneMinute(recording);
    expect(recording.writes).toHaveLength(12);
    expect(recording.writes.at(-1)).toBe('0/30 runs  1,200/12,000 rows  20.0 rows/s  about 9 min left\n');
    expect(recording.writes.join('')).not.toContain('\u001B');
  });

  it('writes a line at once when a run finishes or fails', () => {
    const recording = record({});
    recording.progress.start({ runs: 3, rows: 1203 });
    recording.progress.update(state({ rowsDone: 400 }));
    recording.progress.update(state({ rowsDone: 401, runsDone: 1 }));
    recording.progress.update(state({ rowsDone: 538, runsDone: 1, runsFailed: 1 }));
    expect(recording.writes).toEqual(['1/3 runs  401/1,203 rows\n', '1/3 runs  1 failed  538/1,203 rows\n']);
  });

  it('ends with the last state, and does not repeat it', () => {
    const recording = record({});
    recording.progress.start({ runs: 1, rows: 401 });
    recording.progress.update(state({ rowsDone: 401, runsDone: 1 }));
    recording.progress.finish();
    recording.progress.finish();
    expect(recording.writes).toEqual(['1/1 runs  401/401 rows\n']);
  });

  it('writes messages as they are', () => {
    const recording = record({});
    recording.progress.message('engine plain: tensorflow is not installed');
    expect(recording.writes).toEqual(['engine plain: tensorflow is not installed\n']);
  });
});
