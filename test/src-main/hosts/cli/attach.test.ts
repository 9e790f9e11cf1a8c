// A lab that a host has open is trained by that host: `run` attaches to it. Real processes, a real WebSocket.
import { statSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Workbench, tinyStudy } from './lab-command.ts';

describe('a command on a lab that `serve` has open', () => {
  const bench = new Workbench();
  const host = bench.start(['serve', '--lab', 'x.lab', '--no-open']);
  const listening = new Promise<string>((resolve) => {
    host.child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
  });
  afterAll(async () => {
    host.child.kill('SIGKILL');
    await host.outcome;
    bench.remove();
  });

  it('`run` has the host train and prints the report, and `list` reads beside it', async () => {
    expect(await listening).toContain('http://127.0.0.1:');
    bench.write('tiny.yaml', tinyStudy);
    const run = await bench.run(
      'run',
      'tiny.yaml',
      '--lab',
      'x.lab',
      '--engine',
      'plain',
      '--json',
      '--set',
      'seeds=0..2',
    );
    expect(run.code).toBe(0);
    expect(run.err).toContain('Another host has this lab open');
    expect(JSON.parse(run.out).runs.map((entry: { state: string }) => entry.state)).toEqual(
      Array(6).fill('finished'),
    );
    expect((await bench.run('list', '--lab', 'x.lab')).out).toContain('6 finished');
  });

  it('the address it left word of is for this user alone', () => {
    expect(statSync(bench.path('x.lab-host')).mode & 0o077).toBe(0);
  });

  it('`detectors --set` has the host change them', async () => {
    const own = ['detectors', 'tiny', '--lab', 'x.lab'];
    const changed = await bench.run(
      ...own,
      '--set',
      'detectors.half.threshold=0.3',
      '--set',
      'late=[10, 20]',
    );
    expect(changed.code, changed.err).toBe(0);
    const printed = (await bench.run(...own)).out;
    expect(printed).toBe(changed.out);
    expect(printed).toContain('threshold: 0.3 }');
    expect(printed).toContain('range: [10, 20]');
  });

  it('errors of the study file come as they do without a host', async () => {
    bench.write('bad.yaml', tinyStudy.replace('modulus: 7', 'modulus: 1'));
    const run = await bench.run('run', 'bad.yaml', '--lab', 'x.lab');
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/bad\.yaml:2:\d+ task\.modulus/);
  });

  it('when the host is killed, the next command opens the lab itself and finds all of it', async () => {
    host.child.kill('SIGKILL');
    await host.outcome;
    const run = await bench.run(
      'run',
      'tiny.yaml',
      '--lab',
      'x.lab',
      '--engine',
      'plain',
      '--set',
      'seeds=0..2',
    );
    expect(run.code).toBe(0);
    expect(run.err).toContain('nothing to train');
  });
});
