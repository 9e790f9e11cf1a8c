/** Makes the tags of something exactly these, touching only what differs. */
export function setTags(
  now: readonly string[],
  wanted: readonly string[],
  add: (tag: string) => void,
  remove: (tag: string) => void,
): void {
  const trimmed = wanted.map((tag) => tag.trim());
  for (const tag of trimmed) if (!now.includes(tag)) add(tag);
  for (const tag of now) if (!trimmed.includes(tag)) remove(tag);
}
