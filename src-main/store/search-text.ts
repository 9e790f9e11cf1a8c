/** What a search of studies looks through: one SQL expression over the `study` row. */
export const studyWords = `study.name || ' ' || study.file || ' ' || study.note || ' ' ||
  coalesce((SELECT group_concat(tag, ' ') FROM study_tag WHERE study_id = study.id), '') || ' ' ||
  coalesce((SELECT group_concat(name, ' ') FROM condition WHERE study_id = study.id), '')`;

/** What a search of runs looks through: over the `run`, `condition` and `study` rows. */
export const runWords = `study.name || ' ' || condition.name || ' ' || run.note || ' ' || study.note || ' ' ||
  coalesce((SELECT group_concat(tag, ' ') FROM run_tag WHERE run_id = run.id), '') || ' ' ||
  coalesce((SELECT group_concat(tag, ' ') FROM study_tag WHERE study_id = study.id), '')`;

/**
 * A condition that every word of `wanted` occurs in `words`, upper and lower case alike.
 * @returns SQL with one `?` a word, and the words; always true for no words
 */
export function matchText(
  wanted: string | undefined,
  words: string,
): { readonly sql: string; readonly values: readonly string[] } {
  const values = (wanted ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const sql = values.map(() => `instr(fold(${words}), ?) > 0`).join(' AND ');
  return { sql: sql === '' ? 'TRUE' : sql, values };
}
