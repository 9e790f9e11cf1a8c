import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench, tinyStudy } from './lab-command.ts';
import type { Outcome } from './lab-command.ts';

describe('the command line on a tiny study', () => {
  const bench = new Workbench();
  let first: Outcome;

  beforeAll(async () => {
    bench.write('tiny.yaml', tinyStudy);
    first = await bench.run('run', 'tiny.yaml', '--lab', 'tiny.lab', '--engine', 'plain', '--json');
  });
  afterAll(() => bench.remove());

  it('run --json prints one object of the documented shape and exits 0', () => {
    expect(first.code).toBe(0);
    const result = JSON.parse(first.out);
    expect(Object.keys(result)).toEqual(['study', 'lab', 'runs', 'conditions', 'separation']);
    expect(result.study).toBe('Tiny');
    expect(result.lab).toBe(bench.path('tiny.lab'));
    expect(result.runs).toHaveLength(4);
    expect(Object.keys(result.runs[0])).toEqual([
      'id',
      'condition',
      'seed',
      'state',
      'engine',
      'epochs',
      'seconds',
      'detectors',
      'late',
      'final',
    ]);
    expect(result.runs[0]).toMatchObject({ state: 'finished', engine: 'plain', epochs: 40 });
    expect(Object.keys(result.runs[0].final)).toEqual(['trainAccuracy', 'testAccuracy']);
    expect(Object.keys(result.conditions)).toEqual(['grokking', 'control']);
    expect(Object.keys(result.conditions.grokking)).toEqual(['n', 'detectors', 'late']);
    expect(result.conditions.grokking.n).toBe(2);
  });

  it('prints progress on stderr as plain lines where there is no terminal, and the runs finish there', () => {
    expect(first.err).toContain('4/4 runs  164/164 rows');
    expect(first.err).not.toContain('\u001b[');
  });

  it('trains nothing the second time, and prints the same runs', async () => {
    const again = await bench.run('run', 'tiny.yaml', '--lab', 'tiny.lab', '--engine', 'plain', '--json');
    expect(again.code).toBe(0);
    expect(again.err).toContain('nothing to train');
    expect(JSON.parse(again.out)).toEqual(JSON.parse(first.out));
  });

  it('prints the detectors of a study, changes them by --set, and the report scores with the new ones', async () => {
    const own = ['detectors', 'tiny', '--lab', 'tiny.lab'];
    const before = await bench.run(...own);
    expect(before.code).toBe(0);
    expect(before.out).toContain('  half: { kind: level, series: test.accuracy, threshold: 0.5 }');
    const after = await bench.run(
      ...own,
      '--set',
      'detectors.half.threshold=0',
      '--set',
      'late.range=[20, 40]',
    );
    expect(after.code).toBe(0);
    expect(after.err).toContain('Tiny keeps these; its runs are scored anew.');
    expect(after.out).toContain('threshold: 0 }');
    expect(after.out).toContain('range: [20, 40]');
    // An accuracy is at least 0 from the first row on: every run fires there.
    const report = JSON.parse((await bench.run('report', 'tiny', '--lab', 'tiny.lab', '--json')).out);
    const control = report.conditions.find(({ name }: { name: string }) => name === 'control');
    expect(control.detectors.half.measured).toMatchObject({ fired: 2, n: 2, median: 0 });
    const other = await bench.run(...own, '--set', 'epochs=50');
    expect(other.code).toBe(2);
    expect(other.err).toContain('only detectors, intervals, late of a stored study can change');
    const faulty = await bench.run(...own, '--set', 'detectors.half.threshold=high');
    expect(faulty.code).toBe(2);
    expect(faulty.err).toContain('threshold');
    const never = await bench.run(...own, '--set', 'detectors.half.from=99');
    expect(never.code).toBe(0);
    expect(never.err).toMatch(/^Warning: .*detectors\.half\.from .*can never fire/m);
    const back = await bench.run(
      ...own,
      '--set',
      'detectors.half.from=0',
      '--set',
      'detectors.half.threshold=0.5',
      '--set',
      'late.range=[30, 40]',
    );
    expect(back.out).toBe(before.out);
  });

  it('trains only the seeds that are missing when the file asks for more', async () => {
    const more = await bench.run(
      'run',
      'tiny.yaml',
      '--lab',
      'tiny.lab',
      '--engine',
      'plain',
      '--json',
      '--set',
      'seeds=0..2',
    );
    expect(more.err).toContain('training 2 runs (4 are there already)');
    const ids = JSON.parse(more.out).runs.map((run: { id: number }) => run.id);
    expect(new Set(ids).size).toBe(6);
  });

  it('scores again without training when only a detector changes', async () => {
    const changed = await bench.run(
      'run',
      'tiny.yaml',
      '--lab',
      'tiny.lab',
      '--engine',
      'plain',
      '--json',
      '--set',
      'detectors.half.threshold=0.01',
    );
    expect(changed.err).toContain('nothing to train');
    expect(JSON.parse(changed.out).runs[0].detectors).not.toEqual(JSON.parse(first.out).runs[0].detectors);
  });

  it('list, show and report read the lab', async () => {
    const list = await bench.run('list', '--lab', 'tiny.lab');
    expect(list.out).toMatch(/Tiny .*finished/);
    // The number by which show, replay and export know a run.
    const runs = await bench.run('list', 'tiny', '--lab', 'tiny.lab');
    expect(runs.out).toMatch(/^ +1 {2}grokking {2}seed 0 +finished +41\/41 rows\n/);
    const listed = JSON.parse((await bench.run('list', 'tiny', '--lab', 'tiny.lab', '--json')).out);
    expect(listed.runs[0]).toEqual({
      id: 1,
      condition: 'grokking',
      seed: 0,
      state: 'finished',
      rows: 41,
      epochs: 40,
    });
    const show = await bench.run('show', '1', '--lab', 'tiny.lab');
    expect(show.out).toContain('Tiny / grokking, seed 0');
    expect(show.out).toContain('plain (1)');
    const text = await bench.run('report', 'tiny', '--lab', 'tiny.lab');
    expect(text.out).toContain('Identity check');
    const markdown = await bench.run('report', 'Tiny', '--lab', 'tiny.lab', '--format', 'markdown');
    expect(markdown.out).toMatch(/^# Tiny/);
    const json = JSON.parse((await bench.run('report', '1', '--lab', 'tiny.lab', '--format', 'json')).out);
    expect(json.format).toBe('grokscope-report');
  });

  it.each([
    ['csv', 'series.csv'],
    ['jsonl', 'series.jsonl'],
    ['parquet', 'series.parquet'],
  ])('export --format %s writes %s and refuses to overwrite it', async (format, file) => {
    const args = ['export', 'Tiny', '--lab', 'tiny.lab', '--format', format, '--out', format];
    const written = await bench.run(...args);
    expect(written.code).toBe(0);
    expect(written.err).toMatch(/\b\d+ rows of the study "Tiny" in /);
    expect(existsSync(bench.path(`${format}/${file}`))).toBe(true);
    expect((await bench.run(...args)).code).toBe(2);
    expect((await bench.run(...args, '--force')).code).toBe(0);
  });

  it('export to study logs and import of them into another lab keep every column', async () => {
    expect(
      (await bench.run('export', 'Tiny', '--lab', 'tiny.lab', '--format', 'study-log', '--out', 'logs')).code,
    ).toBe(0);
    const imported = await bench.run('import', 'logs', '--lab', 'other.lab');
    expect(imported.code).toBe(0);
    expect((await bench.run('list', '--lab', 'other.lab')).out).toContain('finished');
    const again = await bench.run(
      'export',
      '1',
      '--lab',
      'other.lab',
      '--format',
      'study-log',
      '--out',
      'again',
    );
    expect(again.err).toMatch(/\b41 rows of run 1 \(\w+, seed \d\) in /);
    const read = (folder: string): string => {
      const [run] = readdirSync(bench.path(folder)).toSorted();
      return readFileSync(bench.path(`${folder}/${run}/log.jsonl`), 'utf8');
    };
    expect(read('again')).toBe(read('logs'));
  });

  it('replay computes a stored probe again to the bit, and any other epoch too', async () => {
    const stored = await bench.run('replay', '1', '--epoch', '40', '--lab', 'tiny.lab');
    expect(stored.out).toContain('Identical, bit for bit');
    const other = await bench.run('replay', '1', '--epoch', '17', '--lab', 'tiny.lab', '--json');
    expect(JSON.parse(other.out)).toMatchObject({ epoch: 17, stored: 'none' });
    const past = await bench.run('replay', '1', '--epoch', '41', '--lab', 'tiny.lab');
    expect(past.code).toBe(2);
    expect(past.err).toContain('epochs 0..40');
    expect(past.err).not.toContain('Training');
  });

  it('doctor measures the engines and says where data lives', async () => {
    const doctor = JSON.parse((await bench.run('doctor', '--json')).out);
    const plain = doctor.engines.find((engine: { engine: string }) => engine.engine === 'plain');
    expect(plain.gigaflops).toBeGreaterThan(0);
    expect(doctor.lab.path).toContain(bench.path('data'));
  });
});

describe('bad input ends with a sentence and exit code 2', () => {
  const bench = new Workbench();
  afterAll(() => bench.remove());

  const run = async (...args: string[]): Promise<Outcome> => {
    const outcome = await bench.run(...args);
    expect(outcome.err).not.toContain('    at ');
    expect(outcome.code).toBe(2);
    return outcome;
  };

  it('a study file with errors: all of them, each at its place, and no lab is made', async () => {
    bench.write('bad.yaml', tinyStudy.replace('modulus: 7', 'modulus: 1').replace('width: 16', 'width: 0'));
    const { err } = await run('run', 'bad.yaml', '--lab', 'bad.lab');
    expect(err).toMatch(/bad\.yaml:2:\d+ task\.modulus/);
    expect(err).toMatch(/bad\.yaml:4:\d+ network\.width/);
    expect(existsSync(bench.path('bad.lab'))).toBe(false);
  });

  it.each([
    ['an empty file', '', /empty/],
    ['a binary file', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), /bin\.yaml/],
    ['a huge file', `# ${'x'.repeat(2 << 20)}`, /too large/],
    ['a list', '- 1\n- 2\n', /bin\.yaml/],
  ])('%s', async (_, content, message) => {
    bench.write('bin.yaml', content);
    expect((await run('run', 'bin.yaml', '--lab', 'bad.lab')).err).toMatch(message);
  });

  it('a study that is not there names the presets', async () => {
    expect((await run('run', 'nothing.yaml')).err).toContain('headline');
  });

  it('a folder in place of a study', async () => {
    mkdirSync(bench.path('folder'), { recursive: true });
    await run('run', 'folder');
  });

  it('a lab that is not SQLite is left as it was', async () => {
    bench.write('tiny.yaml', tinyStudy);
    bench.write('notes.lab', 'these are my notes\n'.repeat(100));
    expect((await run('run', 'tiny.yaml', '--lab', 'notes.lab')).err).toContain('notes.lab');
    expect(readFileSync(bench.path('notes.lab'), 'utf8')).toBe('these are my notes\n'.repeat(100));
  });

  it('unknown commands, options, engines, runs and studies', async () => {
    await run('rum', 'quick');
    await run('run', 'tiny.yaml', '--engine', 'gpu');
    await run('run', 'tiny.yaml', '--workers', '0');
    await run('run', 'tiny.yaml', '--set', 'epochs=x');
    await run('show', 'abc', '--lab', 'none.lab');
    await run('export', 'Tiny', '--format', 'xls', '--out', 'x');
  });
});

describe('a run that fails, and Ctrl-C', () => {
  const bench = new Workbench();
  afterAll(() => bench.remove());

  it('marks a run whose loss is no number as failed at its epoch, trains the others, and exits 1', async () => {
    const diverging = tinyStudy.replace(
      '  control: { optimizer: { weightDecay: 0 } }',
      '  diverging: { optimizer: { kind: sgd, learningRate: 1.0e9 } }',
    );

    bench.write('diverge.yaml', diverging);
    const outcome = await bench.run('run', 'diverge.yaml', '--lab', 'd.lab', '--engine', 'plain', '--json');
    expect(outcome.code).toBe(1);
    const { runs } = JSON.parse(outcome.out);
    expect(runs.map((run: { state: string }) => run.state)).toEqual([
      'finished',
      'finished',
      'failed',
      'failed',
    ]);
    expect(outcome.err).toMatch(/diverging seed 0 failed: The training loss became .* at epoch \d+/);
    const rows = (await bench.run('show', String(runs[2].id), '--lab', 'd.lab', '--json')).out;
    expect(JSON.parse(rows).rows).toBeGreaterThan(0);
  });

  it('trains on when whoever read its messages has gone, as `2>&1 | head` does', async () => {
    bench.write('tiny.yaml', tinyStudy);
    const { child, outcome } = bench.start(['run', 'tiny.yaml', '--lab', 'h.lab', '--engine', 'plain']);
    child.stderr?.once('data', () => child.stderr?.destroy());
    expect((await outcome).code).toBe(0);
    const { studies } = JSON.parse((await bench.run('list', '--lab', 'h.lab', '--json')).out);
    expect(studies[0].states).toEqual([{ state: 'finished', count: 4 }]);
  });

  it('Ctrl-C keeps the finished runs, says how to go on, and resume trains exactly the rest', async () => {
    bench.write('long.yaml', tinyStudy.replace('seeds: 0..1', 'seeds: 0..2'));
    const heldSeed = pathToFileURL(path.join(import.meta.dirname, 'held-seed.ts')).href;
    const { child, outcome } = bench.start(
      ['run', 'long.yaml', '--lab', 'l.lab', '--engine', 'plain', '--workers', '1'],
      { NODE_OPTIONS: `--import ${heldSeed}` },
    );
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await expect.poll(() => said).toMatch(/[1-5]\/6 runs/);
    child.kill('SIGINT');
    const stopped = await outcome;
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('`resume Tiny --lab');
    const before = JSON.parse((await bench.run('list', '--lab', 'l.lab', '--json')).out).studies[0].states;
    const finished = before.find(({ state }: { state: string }) => state === 'finished').count;
    expect(finished).toBeGreaterThan(0);
    expect(before.some(({ state }: { state: string }) => state === 'running')).toBe(false);
    const resumed = await bench.run('resume', 'Tiny', '--lab', 'l.lab', '--engine', 'plain');
    expect(resumed.code).toBe(0);
    expect(resumed.err).toContain(`training ${6 - finished} runs`);
    const after = JSON.parse((await bench.run('list', '--lab', 'l.lab', '--json')).out).studies[0].states;
    expect(after).toEqual([{ state: 'finished', count: 6 }]);
  });
});
