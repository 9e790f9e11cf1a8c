import type { EngineChoice, EngineReport } from '#shared/models/lab.ts';
import { problem } from '#shared/models/problem.ts';
import type { EngineName } from '#shared/models/run.ts';
import { limitWait } from './limit-wait.ts';
import type { MeasuredWork } from '../trainer/messages.ts';
import type { Trainers } from './trainers.ts';

/** What a run without a history is given: the engines that need no download first. Training by `auto` measures (choose-engine.ts). */
export const enginesByPreference: readonly EngineName[] = ['native', 'wasm', 'tensorflow', 'plain'];

/** A process that dies or hangs while an engine loads may owe it to something outside; an engine that cannot be loaded says so, or does it every time. */
const tries = 3;

export interface MeasuredEngine {
  readonly report: EngineReport;
  /** Of the work that was given; null when it was not measured. */
  readonly epochMilliseconds: number | null;
}

/** Loads an engine in a process of its own and says what came of it. */
export async function inspectEngine(
  trainers: Trainers,
  engine: EngineName,
  measure: boolean,
): Promise<EngineReport> {
  return (await measureEngine(trainers, engine, measure, null)).report;
}

/**
 * The same, measured on this work rather than on the usual shape.
 * @param within milliseconds after which it is given up, once and for all
 */
export async function measureEngine(
  trainers: Trainers,
  engine: EngineName,
  measure: boolean,
  work: MeasuredWork | null,
  within?: number,
): Promise<MeasuredEngine> {
  let death = '';
  for (let attempt = 0; attempt < tries; attempt++) {
    const outcome = await inspectOnce(trainers, engine, measure, work, within);
    if (typeof outcome !== 'string') return outcome;
    death = outcome;
  }
  const unavailable = `${death} So it went with ${tries} trainers in a row that loaded the ${engine} engine: run the same command again, or look at the engines with \`doctor\`.`;
  return { report: { engine, version: null, gigaflops: null, unavailable }, epochMilliseconds: null };
}

/** Once. @returns how the process died, as a sentence, where it did by itself */
export function inspectOnce(
  trainers: Trainers,
  engine: EngineName,
  measure: boolean,
  work: MeasuredWork | null,
  within?: number,
): Promise<MeasuredEngine | string> {
  return new Promise((resolve) => {
    let report: EngineReport = { engine, version: null, gigaflops: null, unavailable: null };
    let epochMilliseconds: number | null = null;
    let late: string | null = null;
    const trainer = trainers.start(
      work === null ? { type: 'inspect', engine, measure } : { type: 'inspect', engine, measure, work },
      (message) => {
        if (message.type === 'inspected') {
          report = { ...report, version: message.version, gigaflops: message.gigaflops };
          epochMilliseconds = message.epochMilliseconds ?? null;
        }
        if (message.type === 'failed') report = { ...report, unavailable: message.message };
      },
      (death) => {
        endWait?.();
        if (late !== null) resolve({ report: { ...report, unavailable: late }, epochMilliseconds: null });
        else resolve(death ?? { report, epochMilliseconds });
      },
    );
    const endWait =
      within === undefined
        ? undefined
        : limitWait(within, () => {
            late = `${engine} was not ready and measured within ${Math.round(within / 1000)} s.`;
            trainer.kill();
          });
  });
}

/** The engine a choice means here. @throws ProblemError engine-unavailable, with the reason, for one that does not load */
export async function resolveEngine(trainers: Trainers, choice: EngineChoice): Promise<EngineReport> {
  const candidates = choice === 'auto' ? enginesByPreference : [choice];
  const reasons: string[] = [];
  for (const engine of candidates) {
    const report = await inspectEngine(trainers, engine, false);
    if (report.unavailable === null) return report;
    reasons.push(report.unavailable);
  }
  throw problem('engine-unavailable', reasons.join('\n'));
}
