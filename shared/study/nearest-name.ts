import { distance } from 'fastest-levenshtein';

/** What other programs and the papers call our fields; their spelling is too far away for a distance to find them. */
const otherNames: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  eta: 'weightDecay',
  wd: 'weightDecay',
  l2: 'weightDecay',
  hidden: 'width',
  k: 'width',
  m: 'modulus',
  n: 'train',
  p: 'fraction',
  steps: 'epochs',
  seed: 'seeds',
  name: 'study',
  title: 'study',
  betas: 'beta1',
  eps: 'epsilon',
};

/** The known name a person most likely meant, or null when none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const plain = plainSpelling(name);
  const other = Object.hasOwn(otherNames, plain) ? otherNames[plain] : undefined;
  if (other !== undefined && known.includes(other)) return other;
  // As a sweep is often written at first.
  const path = pathEndingIn(name, known);
  if (path !== null) return path;
  let best: string | null = null;
  // Two slips in a short name, a third of a long one: beyond that a guess misleads more than it helps.
  let bestDistance = Math.max(2, Math.floor(plain.length / 3)) + 1;
  for (const candidate of known) {
    const spelled = plainSpelling(candidate);
    const apart = plain.length >= 3 && spelled.startsWith(plain) ? 1 : distance(plain, spelled);
    if (apart < bestDistance && apart < spelled.length) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

/** The only one of these dotted paths whose last name this is, or what others call it; null where none is, or several are. */
export function pathEndingIn(name: string, paths: readonly string[]): string | null {
  const plain = plainSpelling(name);
  const other = Object.hasOwn(otherNames, plain) ? otherNames[plain] : '';
  const ending = paths.filter((path) =>
    [plain, plainSpelling(other)].includes(plainSpelling(lastName(path))),
  );
  return ending.length === 1 ? ending[0] : null;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** What is wrong with `epochs:220`. */
export function missingSpace(key: string, value: string): string {
  return `needs a space after its colon: write ${key}: ${value}`;
}

/** The end of a sentence about an unknown name: the nearest one, or the whole choice when it is short. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== null) return `did you mean ${nearest}?`;
  if (known.length === 0) return 'there are none here';
  if (known.length <= 12) return `known here: ${known.join(', ')}`;
  return `known here: ${known.slice(0, 12).join(', ')} and ${known.length - 12} more`;
}

/** `weight_decay`, `Weight-Decay` and `weightdecay` are one name. Long names are cut: a distance costs their product. */
function plainSpelling(name: string): string {
  return name
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9.]/g, '');
}
