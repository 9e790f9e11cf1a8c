/**
 * Where dots of a strip plot lie off its line, so that few of them cover each other: each takes the free place nearest to the line.
 * @param xs where they lie along it
 * @param apart how far two centres have to be from each other
 * @param most how far off the line they may be; where that is not far enough they overlap
 * @returns offsets in the order of `xs`
 */
export function spread(xs: readonly number[], apart: number, most: number): number[] {
  const offsets = xs.map(() => 0);
  const placed: number[] = [];
  const inOrder = xs.map((_, k) => k).toSorted((a, b) => xs[a] - xs[b]);
  for (const k of inOrder) {
    const near = placed.filter((other) => Math.abs(xs[other] - xs[k]) < apart);
    const isFree = (offset: number): boolean =>
      near.every((other) => Math.hypot(xs[other] - xs[k], offsets[other] - offset) >= apart - 1e-6);
    const candidates = near
      .flatMap((other) => {
        const reach = Math.sqrt(apart ** 2 - (xs[other] - xs[k]) ** 2);
        return [offsets[other] + reach, offsets[other] - reach];
      })
      .filter((offset) => Math.abs(offset) <= most)
      .toSorted((a, b) => Math.abs(a) - Math.abs(b));
    offsets[k] = [0, ...candidates].find(isFree) ?? 0;
    placed.push(k);
  }
  return offsets;
}
