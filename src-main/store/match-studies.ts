/**
 * The studies a word means: those of that name, else of that id, else of that name in upper or lower case, else those whose name begins
 * so. Several may train different things under one name.
 */
export function matchStudies<T extends { readonly id: number; readonly name: string }>(
  studies: readonly T[],
  wanted: string,
): readonly T[] {
  const lower = wanted.toLowerCase();
  const ways: readonly ((study: T) => boolean)[] = [
    ({ name }) => name === wanted,
    ({ id }) => String(id) === wanted,
    ({ name }) => name.toLowerCase() === lower,
    ({ name }) => lower !== '' && name.toLowerCase().startsWith(lower),
  ];
  return ways.map((means) => studies.filter(means)).find((found) => found.length > 0) ?? [];
}
