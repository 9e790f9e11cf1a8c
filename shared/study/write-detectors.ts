import type { Late } from '../models/study.ts';
import type { Detector } from '../science/detector.ts';

/** Detectors and late range as a study file writes them; the file's reader gives them back exactly. */
export function writeDetectors(detectors: Readonly<Record<string, Detector>>, late: Late): string {
  const lines = Object.entries(detectors).map(([name, detector]) => `  ${key(name)}: ${flow(detector)}`);
  const { series, range, separation } = late;
  const pair = separation ? `, separation: [${separation.map(key).join(', ')}]` : '';
  return [
    lines.length > 0 ? 'detectors:' : 'detectors: {}',
    ...lines,
    `late: { series: ${series}, range: [${range.join(', ')}]${pair} }`,
    '',
  ].join('\n');
}

function flow(detector: Detector): string {
  const { kind, series, threshold, from, direction } = detector;
  const fields = [
    `kind: ${kind}`,
    `series: ${series}`,
    ...(detector.kind === 'slope' ? [`lag: ${detector.lag}`] : []),
    `threshold: ${threshold}`,
    // A slope's default is not 0, so it is always said.
    ...(kind === 'slope' || from !== 0 ? [`from: ${from}`] : []),
    ...(direction === 'rising' ? [] : [`direction: ${direction}`]),
  ];
  return `{ ${fields.join(', ')} }`;
}

/** What YAML would take for something else than this text is quoted. */
function key(name: string): string {
  const isPlain = /^[A-Za-z][\w-]*( [\w-]+)*$/.test(name) && !/^(true|false|null|yes|no|on|off)$/i.test(name);
  return isPlain ? name : JSON.stringify(name);
}
