/** The entries of a list as it is typed, with or without its brackets. Commas within brackets are part of an entry: conditions of a sweep have such names. */
export function listEntries(text: string): string[] {
  // Whoever has begun with a bracket has not come to the other.
  const open = text.trim().replace(/^\[(?=[^\]]*$)/, '');
  const inner = /^\[([^[\]]*|.*\[.*\].*)\]$/.exec(open)?.[1] ?? open;
  return (inner.match(/(?:\[[^\]]*\]|[^,])+/g) ?? [])
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
