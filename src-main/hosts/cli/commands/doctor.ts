import os from 'node:os';
import { examineEngines } from '../../../core/examine-engines.ts';
import { hostReport } from '../../../core/host-report.ts';
import type { HostReport } from '#shared/models/host-report.ts';
import type { EngineReport } from '#shared/models/lab.ts';
import { doctorSections, doctorText, fastestEngine } from '#shared/report/doctor-text.ts';
import { nodeTrainers } from '../../node-trainers.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { labPath } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

interface Diagnosis extends HostReport {
  readonly engines: readonly EngineReport[];
  readonly auto: string | null;
}

/** `doctor`: what this machine can do, measured now. */
export async function runDoctor(
  terminal: Terminal,
  options: LabOption & { readonly json: boolean },
): Promise<number> {
  const engines = await examineEngines(nodeTrainers, {
    measure: true,
    onEngine: (engine) => terminal.say(`Measuring ${engine} ...`),
  });
  const host = hostReport(labPath(terminal, options), os.availableParallelism());
  const auto = fastestEngine(engines);
  const diagnosis: Diagnosis = { ...host, engines, auto };
  terminal.print(
    options.json ? JSON.stringify(diagnosis, null, 2) : doctorText(doctorSections(host, engines, new Date())),
  );
  return exitCodes.done;
}
