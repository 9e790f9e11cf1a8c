import type { EngineChoice, EngineReport } from '#shared/models/lab.ts';
import { problem } from '#shared/models/problem.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { Trainers } from './trainers.ts';

/** `auto` tries these in turn. */
export const enginesByPreference: readonly EngineName[] = ['tensorflow', 'plain'];

/** Loads an engine in a process of its own and says what came of it. */
export function inspectEngine(
  trainers: Trainers,
  engine: EngineName,
  measure: boolean,
): Promise<EngineReport> {
  return new Promise((resolve) => {
    let report: EngineReport = { engine, version: null, gigaflops: null, unavailable: null };
    trainers.start(
      { type: 'inspect', engine, measure },
      (message) => {
        if (message.type === 'inspected')
          report = { ...report, version: message.version, gigaflops: message.gigaflops };
        if (message.type === 'failed') report = { ...report, unavailable: message.message };
      },
      (death) => resolve(death ? { ...report, unavailable: death } : report),
    );
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
