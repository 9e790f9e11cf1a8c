import type { EngineReport } from '#shared/models/lab.ts';
import type { EngineName } from '#shared/models/run.ts';
import { enginesByPreference, inspectOnce } from './inspect-engines.ts';
import type { Patience } from './patience.ts';
import type { Trainers } from './trainers.ts';
import { watchTrainers } from './watched-trainers.ts';

export interface Examination {
  readonly measure: boolean;
  /** Hears of each before it begins. */
  readonly onEngine?: (engine: EngineName) => void;
  readonly patience?: Patience;
}

/** An engine loads and is measured in some 5 s; who asks what is wrong must not wait the minute that a run is given, three times. */
const doctorPatience: Patience = () => 20_000;

/**
 * What every engine does on this machine, one after the other, since together they would measure each other. One that dies or hangs is not
 * tried again: that is what a doctor is asked about.
 */
export async function examineEngines(
  trainers: Trainers,
  { measure, onEngine, patience = doctorPatience }: Examination,
): Promise<EngineReport[]> {
  const watched = watchTrainers(trainers, patience);
  const reports: EngineReport[] = [];
  for (const engine of enginesByPreference) {
    onEngine?.(engine);
    const outcome = await inspectOnce(watched, engine, measure, null);
    reports.push(
      typeof outcome === 'string'
        ? { engine, version: null, gigaflops: null, unavailable: lost(engine, outcome) }
        : outcome.report,
    );
  }
  return reports;
}

function lost(engine: EngineName, death: string): string {
  return `${death} So it went while the ${engine} engine was loaded or measured. Ask again when the machine has less to do; if it goes the same way, train with another engine: \`run STUDY --engine NAME\`.`;
}
