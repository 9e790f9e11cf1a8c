/** Series of a run under the heading they belong to, in the order a run stores them. */
export interface SeriesGroup {
  readonly title: string;
  readonly names: readonly string[];
}

const headings: readonly (readonly [prefix: string, title: string])[] = [
  ['train.', 'Accuracy and loss'],
  ['test.', 'Accuracy and loss'],
  ['spectrum.W.', 'Updates of W'],
  ['spectrum.V.', 'Updates of V'],
  ['gram.', 'Feature Gram'],
  ['gradient.', 'Gradient of the features'],
];

/** @param search words that a name must all contain, in any case and order */
export function seriesGroups(names: readonly string[], search: string): SeriesGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, string[]>();
  for (const name of names) {
    if (!words.every((word) => name.toLowerCase().includes(word))) continue;
    const title = headings.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'Other';
    groups.set(title, [...(groups.get(title) ?? []), name]);
  }
  return [...groups].map(([title, found]) => ({ title, names: found }));
}

/** The eigenvalues among these series, largest first: a spectrum is looked at as a whole. */
export function eigenvaluesOf(names: readonly string[]): readonly string[] {
  return names.filter((name) => /^spectrum\.\w+\.sigma\d$/.test(name));
}
