import { describe, expect, it } from 'vitest';
import { nodeTrainers } from '#main/hosts/node-trainers.ts';
import type { Trainers } from '#main/core/trainers.ts';
import type { LabEvent } from '#shared/models/lab.ts';
import type { MatrixQuery } from '#shared/models/matrix.ts';
import { openCore, smallStudy } from './core-fixtures.ts';
import type { OpenedCore } from './core-fixtures.ts';

const width = 16;

async function trained(opened: OpenedCore, text = smallStudy()): Promise<MatrixQuery> {
  const { core } = opened;
  const { id } = core.createStudy(text, 'small.yaml');
  await core.startStudy(id, { engine: 'plain' });
  await core.settled(id);
  const [run] = core.listRuns({ studyId: id }).runs;
  const ridge = run.settings.probes.repulsion?.ridges[0].value;
  return { runId: run.id, epoch: 60, ridge: ridge ?? NaN };
}

function stagesOf(events: readonly LabEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'matrix' ? [event.stage] : []));
}

const all = [0, width] as const;

describe('the matrices of a lab', () => {
  it('are made by training the run again, and equal its stored probe to the bit', async () => {
    const opened = openCore();
    const { core, events } = opened;
    const query = await trained(opened);
    const before = core.matrixState(query);
    if (before.state !== 'absent') throw new Error('there was a matrix before one was asked for');
    expect(before.cost.bytes).toBe(16 * ((width * (width + 1)) / 2));
    expect(before.cost.trainingSeconds).toBeGreaterThan(0);
    const matrix = await core.prepareMatrix(query);
    // 10 similar and 20 random pairs, cosine and B of each.
    expect(matrix).toMatchObject({ width, stored: 'identical', compared: 60 });
    expect(matrix.engine).toMatch(/^plain /);
    expect(core.matrixState(query)).toMatchObject({ state: 'ready' });
    expect(new Set(stagesOf(events))).toEqual(new Set(['training', 'inverting', 'ordering', 'ready']));

    const place = { ...query, kind: 'b', order: 'frequency' } as const;
    const inOrder = Array.from({ length: width - 1 }, (_, at) =>
      core.matrixPair({ ...place, rows: [at, at + 1], columns: [at + 1, at + 2] }),
    ).map((pair) => matrix.frequency[pair?.j ?? NaN]);
    expect(inOrder).toEqual(inOrder.toSorted((one, other) => one - other));

    const probe = core.probe(query.runId, 60);
    const tile = core.matrixTile({
      ...query,
      kind: 'b',
      order: 'index',
      rows: all,
      columns: all,
      cells: [width, width],
      statistic: 'extreme',
    });
    probe.randomPairs.first.forEach((j, i) => {
      const l = probe.randomPairs.second[i];
      expect(tile.values[j * width + l]).toBe(probe.ridges[0].random.b[i]);
      expect(tile.values[l * width + j]).toBe(probe.ridges[0].random.b[i]);
      expect(
        core.matrixPair({ ...query, kind: 'b', order: 'index', rows: [j, j + 1], columns: [l, l + 1] }),
      ).toEqual({ j, l, b: probe.ridges[0].random.b[i], cosine: probe.randomPairs.cosine[i] });
    });
  });

  it('say what of the stored probe they were compared with, and are kept two at a time', async () => {
    const opened = openCore();
    const { core, store } = opened;
    const query = await trained(opened);
    const none = { ...query, epoch: 7 };
    const otherRidge = { ...query, ridge: 3 };
    expect(await core.prepareMatrix(none)).toMatchObject({ stored: 'none', compared: 0 });
    // Cosines alone: B of another ridge is another matrix.
    expect(await core.prepareMatrix(otherRidge)).toMatchObject({ stored: 'identical', compared: 30 });
    const probe = core.probe(query.runId, 60);
    probe.ridges[0].random.b[3] *= 1 + Number.EPSILON;
    store.probes.save(query.runId, probe);
    expect(await core.prepareMatrix(query)).toMatchObject({ stored: 'different' });
    const states = [none, otherRidge, query].map((each) => core.matrixState(each).state);
    expect(states).toEqual(['absent', 'ready', 'ready']);
  });

  it('are made one at a time; asked for twice it is one, and it can be stopped', async () => {
    const held: { kill(): void }[] = [];
    const never: Trainers = {
      start(request, onMessage, onEnd) {
        if (request.type !== 'matrix') return nodeTrainers.start(request, onMessage, onEnd);
        const trainer = { kill: () => setImmediate(() => onEnd('It was ended.')) };
        held.push(trainer);
        onMessage({ type: 'replaying', stage: 'training', epoch: 17 });
        return trainer;
      },
    };
    const opened = openCore({ trainers: never });
    const { core, heard, events } = opened;
    const query = await trained(opened);
    const training = heard((event) => event.type === 'matrix');
    const [first, second] = [core.prepareMatrix(query), core.prepareMatrix(query)];
    const refused = Promise.all(
      [first, second].map((made) =>
        expect(made).rejects.toMatchObject({ problems: [{ code: 'run-failed', message: /stopped/ }] }),
      ),
    );
    await training;
    expect(core.matrixState(query)).toEqual({ state: 'preparing', stage: 'training', epoch: 17 });
    expect(() => core.prepareMatrix({ ...query, epoch: 2 })).toThrow(/Another matrix is being computed/);
    core.cancelMatrix({ ...query, epoch: 2 });
    core.cancelMatrix(query);
    await refused;
    expect(held).toHaveLength(1);
    expect(core.matrixState(query).state).toBe('absent');
    expect(stagesOf(events).at(-1)).toBe('stopped');
  });

  it('refuse what cannot be computed, tiles before they are made, and tiles outside', async () => {
    const opened = openCore();
    const { core } = opened;
    const query = await trained(opened);
    expect(() => core.matrixState({ ...query, epoch: 121 })).toThrow(/no epoch 121/);
    const tile = { kind: 'b', order: 'index', rows: all, cells: [4, 4], statistic: 'mean' } as const;
    expect(() => core.matrixTile({ ...query, ...tile, columns: all })).toThrow(/prepare it first/);
    await core.prepareMatrix(query);
    expect(() => core.matrixTile({ ...query, ...tile, columns: [8, 17] })).toThrow(/no 8\.\.17/);
    expect(() => core.matrixTile({ ...query, ...tile, columns: [0, 3] })).toThrow(/more cells than pairs/);
  });

  it('need a ridge where G is singular, and memory', () => {
    const { core, store } = openCore();
    const add = (text: string): MatrixQuery => {
      const { id } = core.createStudy(text, 'x.yaml');
      return { runId: store.runs.list({ studyId: id })[0].id, epoch: 0, ridge: 0 };
    };
    const singular = add(smallStudy().replace('width: 16', 'width: 40'));
    expect(() => core.matrixState(singular)).toThrow(/G is singular without a ridge/);
    const huge = add(smallStudy().replace('width: 16', 'width: 8192').replace('Small', 'Huge'));
    expect(() => core.matrixState({ ...huge, ridge: 1 })).toThrow(/width 8192 would take 537 MB/);
  });
});
