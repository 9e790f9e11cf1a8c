import type { EngineChoice, EngineReport } from '#shared/models/lab.ts';
import { problem } from '#shared/models/problem.ts';
import type { EngineName } from '#shared/models/run.ts';
import type { Trainers } from './trainers.ts';

/** `auto` tries these in turn. */
export const enginesByPreference: readonly EngineName[] = ['tensorflow', 'plain'];

/** A process that dies while an engine loads may have been killed from outside; an engine that cannot be loaded says so, or dies every time. */
const tries = 3;

/** Loads an engine in a process of its own and says what came of it. */
export async function inspectEngine(
  trainers: Trainers,
  engine: EngineName,
  measure: boolean,
): Promise<EngineReport> {
  let death = '';
  for (let attempt = 0; attempt < tries; attempt++) {
    const outcome = await inspectOnce(trainers, engine, measure);
    if (typeof outcome !== 'string') return outcome;
    death = outcome;
  }
  const unavailable = `${death} So did ${tries} in a row while they loaded the ${engine} engine: run the same command again, or look at the engines with \`doctor\`.`;
  return { engine, version: null, gigaflops: null, unavailable };
}

/** @returns how the process died, as a sentence, where it did */
function inspectOnce(
  trainers: Trainers,
  engine: EngineName,
  measure: boolean,
): Promise<EngineReport | string> {
  return new Promise((resolve) => {
    let report: EngineReport = { engine, version: null, gigaflops: null, unavailable: null };
    trainers.start(
      { type: 'inspect', engine, measure },
      (message) => {
        if (message.type === 'inspected')
          report = { ...report, version: message.version, gigaflops: message.gigaflops };
        if (message.type === 'failed') report = { ...report, unavailable: message.message };
      },
      (death) => resolve(death ?? report),
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
