/** A study's name before the name of one of its conditions or runs, which must stay in sight. */
export function shortStudyName(name: string): string {
  return name.length <= mostCharacters ? name : `${name.slice(0, mostCharacters - 1).trimEnd()}\u2026`;
}

const mostCharacters = 24;
