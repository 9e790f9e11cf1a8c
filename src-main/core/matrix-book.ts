import type { LabEvent } from '#shared/models/lab.ts';
import type {
  MatrixCost,
  MatrixKind,
  MatrixOrder,
  MatrixPair,
  MatrixQuery,
  MatrixStage,
  MatrixState,
  MatrixTile,
  PairQuery,
  PreparedMatrix,
  TileQuery,
} from '#shared/models/matrix.ts';
import { problem } from '#shared/models/problem.ts';
import type { Run } from '#shared/models/run.ts';
import { frequencyOrder } from '#shared/science/dominant-frequency.ts';
import { extremePair, resampleTile } from '#shared/science/matrix-cells.ts';
import type { Stretch } from '#shared/science/matrix-cells.ts';
import { entryOf, triangleLength } from '#shared/science/symmetric-matrix.ts';
import type { LabStore } from '../store/lab-store.ts';
import { compareWithProbe } from './compare-with-probe.ts';
import { resolveEngine } from './inspect-engines.ts';
import { replayMatrix, stoppedSentence } from './replay-matrix.ts';
import type { MatrixJob, ReplayedMatrix } from './replay-matrix.ts';
import type { Trainers } from './trainers.ts';

/** Matrices kept at once: what is looked at, and what it is compared with. */
const mostKept = 2;
/** Of one matrix; at 8 bytes twice a pair this is a width of about 5,000. */
const mostBytes = 200_000_000;
/** Products of the plain float64 algebra on a busy machine, a second; replaced by what this machine shows. */
const assumedFlops = 3e9;

interface Kept extends ReplayedMatrix {
  readonly prepared: PreparedMatrix;
  readonly orders: Readonly<Record<MatrixOrder, Int32Array>>;
}

interface Making {
  readonly key: string;
  readonly done: Promise<PreparedMatrix>;
  job: MatrixJob | null;
  stopped: boolean;
  stage: MatrixStage;
  epoch: number;
}

/** The matrices of a lab: one is made at a time, by a trainer, and the newest are kept in memory. */
export class MatrixBook {
  readonly #store: LabStore;
  readonly #trainers: Trainers;
  readonly #emit: (event: LabEvent) => void;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #making: Making | null = null;
  #flops = assumedFlops;

  constructor({
    store,
    trainers,
    emit,
  }: {
    readonly store: LabStore;
    readonly trainers: Trainers;
    readonly emit: (event: LabEvent) => void;
  }) {
    this.#store = store;
    this.#trainers = trainers;
    this.#emit = emit;
  }

  state(query: MatrixQuery): MatrixState {
    const run = this.#runOf(query);
    const key = keyOf(query, run);
    const kept = this.#kept.get(key);
    if (kept) return { state: 'ready', matrix: kept.prepared };
    const making = this.#making;
    if (making?.key === key) return { state: 'preparing', stage: making.stage, epoch: making.epoch };
    return { state: 'absent', cost: this.#cost(query, run) };
  }

  /** @throws ProblemError bad-argument while another one is made, or for one too large; run-failed when it could not be made */
  prepare(query: MatrixQuery): Promise<PreparedMatrix> {
    const run = this.#runOf(query);
    const key = keyOf(query, run);
    const kept = this.#kept.get(key);
    if (kept) return Promise.resolve(kept.prepared);
    if (this.#making?.key === key) return this.#making.done;
    if (this.#making) {
      throw problem(
        'bad-argument',
        'Another matrix is being computed, and one takes all of a core: wait for it, or cancel it on its page.',
      );
    }
    const making: Making = {
      key,
      done: Promise.resolve().then(() => this.#make(making, query, run)),
      job: null,
      stopped: false,
      stage: 'training',
      epoch: 0,
    };
    this.#making = making;
    return making.done;
  }

  cancel(query: MatrixQuery): void {
    const making = this.#making;
    if (making?.key !== keyOf(query, this.#store.runs.get(query.runId))) return;
    making.stopped = true;
    making.job?.stop();
  }

  tile({ kind, order, rows, columns, cells: [height, width], statistic, ...query }: TileQuery): MatrixTile {
    const { kept, matrix } = this.#look(query, kind, rows, columns);
    if (height > rows[1] - rows[0] || width > columns[1] - columns[0]) {
      throw problem('bad-argument', `A tile of ${height} x ${width} cells has more cells than pairs.`);
    }
    return {
      values: resampleTile(matrix, { order: kept.orders[order], rows, columns, height, width, statistic }),
    };
  }

  pair({ kind, order, rows, columns, ...query }: PairQuery): MatrixPair {
    const { kept, matrix } = this.#look(query, kind, rows, columns);
    const found = extremePair(matrix, kept.orders[order], rows, columns);
    if (found === null) return null;
    const { j, l } = found;
    return { j, l, b: entryOf(kept.b, j, l), cosine: entryOf(kept.cosine, j, l) };
  }

  #look(query: MatrixQuery, kind: MatrixKind, ...stretches: Stretch[]) {
    const key = keyOf(query, this.#store.runs.get(query.runId));
    const kept = this.#kept.get(key);
    if (!kept) {
      throw problem('not-found', 'This matrix is not in memory (any more): prepare it first.');
    }
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const { width } = kept.prepared;
    const outside = stretches.find(([, to]) => to > width);
    if (outside) {
      throw problem(
        'bad-argument',
        `The matrix has positions 0..${width}; there is no ${outside.join('..')}.`,
      );
    }
    return { kept, matrix: kept[kind] };
  }

  async #make(making: Making, query: MatrixQuery, run: Run): Promise<PreparedMatrix> {
    const started = performance.now();
    let inverting = started;
    let ended: 'ready' | 'stopped' = 'stopped';
    const tell = (stage: MatrixStage | typeof ended): void =>
      this.#emit({ type: 'matrix', studyId: run.studyId, query, stage, epoch: making.epoch });
    try {
      const { engine, version } = await resolveEngine(this.#trainers, run.provenance?.engine ?? 'auto');
      if (making.stopped) throw problem('run-failed', stoppedSentence);
      making.job = replayMatrix(this.#trainers, run, engine, query, (stage, epoch) => {
        if (stage === 'inverting') inverting = performance.now();
        if (stage === 'ordering') this.#flops = (flopsOf(run) * 1000) / (performance.now() - inverting);
        making.stage = stage;
        making.epoch = epoch;
        tell(stage);
      });
      const replayed = await making.job.result;
      const prepared: PreparedMatrix = {
        ...replayed.units,
        width: run.settings.network.width,
        engine: `${engine} ${version ?? ''}`.trim(),
        seconds: (performance.now() - started) / 1000,
        ...compareWithProbe(
          this.#store.probes.list(run.id).find(({ epoch }) => epoch === query.epoch),
          query.ridge,
          replayed,
        ),
      };
      this.#keep(making.key, { ...replayed, prepared, orders: ordersOf(replayed) });
      ended = 'ready';
      return prepared;
    } finally {
      this.#making = null;
      tell(ended);
    }
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) return;
      this.#kept.delete(oldest);
    }
  }

  /** @throws ProblemError bad-argument for an epoch the run does not have, a ridge at which G is singular, or a matrix too large */
  #runOf({ runId, epoch, ridge }: MatrixQuery): Run {
    const run = this.#store.runs.get(runId);
    const { epochs, network, split } = run.settings;
    if (epoch > epochs) {
      throw problem('bad-argument', `Run ${run.id} has epochs 0..${epochs}; there is no epoch ${epoch}.`);
    }
    if (ridge === 0 && network.width > split.train - 1) {
      throw problem('bad-argument', 'G is singular without a ridge here (K > n - 1): give one above 0.');
    }
    if (bytesOf(run) > mostBytes) {
      throw problem(
        'bad-argument',
        `The matrix of width ${network.width} would take ${Math.round(bytesOf(run) / 1e6)} MB of memory, more than the ${mostBytes / 1e6} MB the lab keeps for one.`,
      );
    }
    return run;
  }

  #cost({ epoch }: MatrixQuery, run: Run): MatrixCost {
    const known = run.rows > 0 && run.seconds > 0;
    return {
      trainingSeconds: known ? (run.seconds / run.rows) * epoch : null,
      algebraSeconds: flopsOf(run) / this.#flops,
      bytes: bytesOf(run),
    };
  }
}

/** Rows computed by another engine are another run's: what was made before they were replaced is not theirs. */
function keyOf({ runId, epoch, ridge }: MatrixQuery, { provenance }: Run): string {
  return [runId, epoch, ridge, provenance?.engine, provenance?.engineVersion].join(' ');
}

function ordersOf({ units }: ReplayedMatrix): Kept['orders'] {
  return {
    index: units.frequency.map((_, unit) => unit),
    frequency: frequencyOrder(units),
    cluster: units.cluster,
  };
}

function bytesOf({ settings }: Run): number {
  return 2 * 8 * triangleLength(settings.network.width);
}

/** G, half of it computed, and its inverse by Cholesky: multiplications and additions in float64. */
function flopsOf({ settings: { network, split } }: Run): number {
  return split.train * network.width ** 2 + network.width ** 3;
}
