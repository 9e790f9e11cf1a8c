import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { findStudy, studyWord } from '#main/hosts/cli/commands/find-study.ts';
import { shellWord } from '#main/hosts/cli/shell-word.ts';
import { refusal } from '../../store/lab-fixtures.ts';

// Newest first, as a lab lists them: one file, run once as it was and once with --set network.width=300.
const studies = [
  { id: 2, name: 'Mid', createdAt: '2026-11-28T21:32:10.000Z' },
  { id: 1, name: 'Mid', createdAt: '2026-11-28T21:31:10.000Z' },
  { id: 3, name: 'Other "one"', createdAt: '2026-11-28T21:33:10.000Z' },
];

test('a name that several studies have is refused with their numbers, and none is taken for the other', () => {
  const several = refusal(() => findStudy(studies, 'Mid'));
  expect(several.code).toBe('bad-argument');
  expect(several.message).toBe(
    '"Mid" means several studies: 1 "Mid" (saved 2026-11-28 21:31), 2 "Mid" (saved 2026-11-28 21:32). Give the number.',
  );
  expect(findStudy(studies, '2').id).toBe(2);
  expect(findStudy(studies, 'oth').id).toBe(3);
  expect(refusal(() => findStudy(studies, 'x')).code).toBe('not-found');
});

test('what is said of how to go on names that study: by number where its name does not', () => {
  expect(studyWord(studies, 2)).toBe('2');
  expect(studyWord(studies, 3)).toBe(`'Other "one"'`);
  for (const { id } of studies)
    expect(findStudy(studies, studyWord(studies, id).replaceAll("'", '')).id).toBe(id);
});

test.each(['plain/file.lab', 'a lab.lab', `it's "$HOME" \`id\``])('a shell reads %j as one word', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`]).toString()).toBe(text);
});
