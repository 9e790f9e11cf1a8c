import type { HostReport } from '../models/host-report.ts';
import type { EngineReport } from '../models/lab.ts';
import type { EngineName } from '../models/run.ts';

/** A fact and what it means; `advice` is what to do where something is missing. */
export interface DoctorLine {
  readonly name: string;
  readonly value: string;
  readonly advice: string | null;
}

export interface DoctorSection {
  readonly title: string;
  readonly lines: readonly DoctorLine[];
}

/** What brings an engine back. */
const engineAdvice: Readonly<Record<EngineName, string>> = {
  tensorflow:
    'Unless it is being fetched now, run `npm run setup` with a network: it fetches TensorFlow or builds its addon from the Python wheel. Studies train on the next engine meanwhile.',
  native:
    'It wants an x64 processor with AVX2 and a C compiler at set-up; where these are, run `npm run setup` again. Studies train on the next engine meanwhile.',
  wasm: 'Run `npm ci --ignore-scripts` and `npm run setup` again: its kernels come with the lab.',
  plain: 'It is part of the lab and needs nothing: the installation is damaged, install it again.',
};

const lowDisk = 1e9;

/**
 * What the machine, the engines and the lab are, for the command line and for the window.
 * @param engines null while they are being loaded
 * @param now to say how old a backup is
 */
export function doctorSections(
  host: HostReport,
  engines: readonly EngineReport[] | null,
  now: Date,
): readonly DoctorSection[] {
  const { lab, backups } = host;
  return [
    {
      title: 'Engines',
      lines: engines ? [...engines.map(engineLine), line('auto means', autoText(engines))] : [],
    },
    {
      title: 'This machine',
      lines: [
        line('grokscope', host.appVersion),
        line('runs on', `${host.runtime}, ${host.platform}`),
        line('cores', String(host.cores)),
        line('runs at once', `${host.workers}, ${host.threadsPerTrainer} thread each`),
        line('memory', bytes(host.memoryBytes)),
      ],
    },
    {
      title: 'Lab',
      lines: [
        line('file', lab.path),
        line('size', lab.bytes === null ? 'not there yet' : bytes(lab.bytes)),
        ...(lab.freeBytes === null
          ? []
          : [
              line(
                'free on its disk',
                bytes(lab.freeBytes),
                lab.freeBytes < lowDisk
                  ? 'Make room: a study of some hundred megabytes may not fit, and training stops when the disk is full.'
                  : null,
              ),
            ]),
        ...(backups.length === 0
          ? [
              line(
                'backups',
                'none yet',
                lab.bytes === null
                  ? null
                  : 'One is made a day while the lab is open, beside it; keep this window open for a moment, or copy the file.',
              ),
            ]
          : backups.map(({ path, bytes: size, madeAt }, place) =>
              line(
                place === 0 ? 'newest backup' : 'before that',
                `${path}, ${bytes(size)}, ${age(madeAt, now)}`,
              ),
            )),
      ],
    },
  ];
}

/** By what was measured here; null where nothing was. */
export function fastestEngine(engines: readonly EngineReport[]): EngineName | null {
  const [best] = engines
    .filter(({ gigaflops }) => gigaflops !== null)
    .toSorted((a, b) => (b.gigaflops ?? 0) - (a.gigaflops ?? 0));
  return best?.engine ?? null;
}

function autoText(engines: readonly EngineReport[]): string {
  if (engines.every(({ unavailable }) => unavailable !== null)) return 'nothing: no engine loads';
  const best = fastestEngine(engines);
  const here = best === null ? '' : `; the fastest here is ${best}`;
  return `the engine of a study's runs so far, otherwise the faster of tensorflow and our kernels (native, or wasm where that does not load) on the study's own task${here}`;
}

/** The same as text to copy or print. */
export function doctorText(sections: readonly DoctorSection[]): string {
  return sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => {
      const width = Math.max(...lines.map(({ name }) => name.length));
      return [
        title,
        ...lines.flatMap(({ name, value, advice }) => [
          `  ${name.padEnd(width)}  ${value}`,
          ...(advice === null ? [] : [`  ${' '.repeat(width)}  -> ${advice}`]),
        ]),
      ].join('\n');
    })
    .join('\n\n');
}

function line(name: string, value: string, advice: string | null = null): DoctorLine {
  return { name, value, advice };
}

function engineLine({ engine, version, gigaflops, unavailable }: EngineReport): DoctorLine {
  if (unavailable !== null) return line(engine, `not available: ${unavailable}`, engineAdvice[engine]);
  const speed =
    gigaflops === null
      ? ''
      : `, ${gigaflops.toFixed(1)} GFLOP/s on one thread (products of a training step, M=31, K=512)`;
  return line(engine, `${versionText(version)}${speed}`);
}

/** The plain engine counts its versions; the others name what they are made of. */
function versionText(version: string | null): string {
  return version !== null && /^\d+$/.test(version) ? `version ${version}` : (version ?? '');
}

function bytes(size: number): string {
  if (size >= 1e9) return `${(size / 1e9).toFixed(1)} GB`;
  return `${(size / 1e6).toFixed(1)} MB`;
}

function age(madeAt: string, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - new Date(madeAt).getTime()) / 60_000));
  if (minutes < 2) return 'made just now';
  if (minutes < 90) return `${minutes} min old`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h old` : `${Math.round(hours / 24)} days old`;
}
