import type { RunningTrainer, Trainers } from '#main/core/trainers.ts';
import { seriesNames } from '#shared/models/series.ts';
import { provenance } from '../src-main/store/store-values.ts';

/** Batches leave real trainers at most this often, ms. */
const batchInterval = 100;

/**
 * Trainers that train nothing, claim to be any engine and send rows at a steady rate in batches, as real ones do, so that the window alone is measured.
 * @param rate rows a second of each run
 * @param sent hears of each batch as it leaves
 */
export function pacedTrainers(rate: number, sent: (seed: number, lastEpoch: number) => void): Trainers {
  const count = Math.max(1, Math.round((rate * batchInterval) / 1000));
  return {
    start(request, onMessage, onEnd): RunningTrainer {
      if (request.type !== 'train') {
        queueMicrotask(() => {
          onMessage({ type: 'inspected', version: '1', gigaflops: null, epochMilliseconds: 1000 / rate });
          onEnd(null);
        });
        return { kill: () => {} };
      }
      const { settings, seed } = request.spec;
      const names = seriesNames(settings.probes);
      let next = 0;
      let ended = false;
      const end = (death: string | null): void => {
        if (ended) return;
        ended = true;
        clearInterval(timer);
        onEnd(death);
      };
      const send = (): void => {
        const rows = Math.min(count, settings.epochs + 1 - next);
        const columns = names.map(() => new Float64Array(rows).fill(0.5));
        sent(seed, next + rows - 1);
        onMessage({ type: 'rows', firstEpoch: next, names, columns });
        next += rows;
        if (next <= settings.epochs) return;
        onMessage({ type: 'finished', seconds: next / rate, peakMemoryBytes: 0 });
        end(null);
      };
      const timer = setInterval(send, (1000 * count) / rate);
      queueMicrotask(() =>
        onMessage({ type: 'started', provenance: { ...provenance, engine: request.spec.engine } }),
      );
      return { kill: () => end('It was ended.') };
    },
  };
}
