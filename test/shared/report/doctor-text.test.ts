import { expect, it } from 'vitest';
import { doctorSections, doctorText } from '#shared/report/doctor-text.ts';

it.each([
  ['10:00:30', 'made just now'],
  ['10:15:00', '15 min old'],
  ['11:29:00', '89 min old'],
  ['12:00:00', '2 h old'],
])('says at %s how old a copy of 10:00 is: %s', (now, age) => {
  const host = {
    appVersion: '0.1.0',
    runtime: 'Node 24',
    platform: 'here',
    cores: 2,
    workers: 2,
    threadsPerTrainer: 1,
    memoryBytes: 1e9,
    backups: [{ path: '/lab/x.lab.backup', bytes: 1e6, madeAt: '2026-11-29T10:00:00.000Z' }],
    lab: { path: '/lab/x.lab', bytes: 1e6, freeBytes: 1e9 },
  };
  expect(doctorText(doctorSections(host, [], new Date(`2026-11-29T${now}.000Z`)))).toContain(age);
});
