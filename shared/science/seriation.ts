import { entryOf, type SymmetricMatrix } from './symmetric-matrix.ts';

/**
 * An order in which similar units stand together: units are merged bottom-up, the two groups of largest mean |cos| first (average
 * linkage), and each merge is turned so that its most similar ends meet. Deterministic: of equals the lowest index goes first.
 *
 * The tree is found by chains of nearest neighbours, in O(K^2) time and one K x K working copy; average linkage is reducible, so
 * merging mutual nearest neighbours in any order gives the tree of the textbook's greedy rule, ties apart.
 * @param cosine cos(f_j, f_l)
 * @returns a permutation of 0..K-1
 * @see Murtagh, Computer Journal 26 (1983) 354: nearest-neighbour chains
 */
export function clusterOrder(cosine: SymmetricMatrix): Int32Array {
  const { width } = cosine;
  if (width === 0) return new Int32Array();
  const groups = new Groups(cosine);
  const chain: number[] = [];
  while (groups.active.length > 1) {
    if (chain.length === 0) chain.push(groups.active[0]);
    const top = chain[chain.length - 1];
    const before = chain.at(-2) ?? -1;
    const nearest = groups.nearest(top, before);
    if (nearest !== before) chain.push(nearest);
    else {
      chain.length -= 2;
      groups.merge(Math.min(top, before), Math.max(top, before));
    }
  }
  return Int32Array.from(groups.members[groups.active[0]]);
}

/** Groups of units, each named by its lowest unit, with their mean |cos| to each other. */
class Groups {
  readonly #cosine: SymmetricMatrix;
  /** Mean |cos| of two active groups, [width, width]. */
  readonly #likeness: Float64Array;
  /** Ascending. */
  readonly active: number[];
  readonly members: number[][];

  constructor(cosine: SymmetricMatrix) {
    const { width } = cosine;
    this.#cosine = cosine;
    this.active = Array.from({ length: width }, (_, unit) => unit);
    this.members = this.active.map((unit) => [unit]);
    this.#likeness = new Float64Array(width * width);
    for (let j = 0; j < width; j++) {
      for (let l = j + 1; l < width; l++) {
        const likeness = Math.abs(entryOf(cosine, j, l));
        this.#likeness[j * width + l] = likeness;
        this.#likeness[l * width + j] = likeness;
      }
    }
  }

  /** The most alike of the others; of equals `preferred`, without which a chain could go round in a circle, then the lowest. */
  nearest(group: number, preferred: number): number {
    const row = group * this.#cosine.width;
    let best = preferred;
    let most = preferred < 0 ? -Infinity : this.#likeness[row + preferred];
    for (const other of this.active) {
      if (other === group || !(this.#likeness[row + other] > most)) continue;
      most = this.#likeness[row + other];
      best = other;
    }
    return best;
  }

  merge(first: number, second: number): void {
    const { width } = this.#cosine;
    const [left, right] = [this.members[first], this.members[second]];
    this.active.splice(this.active.indexOf(second), 1);
    for (const other of this.active) {
      if (other === first) continue;
      const sum =
        left.length * this.#likeness[first * width + other] +
        right.length * this.#likeness[second * width + other];
      const mean = sum / (left.length + right.length);
      this.#likeness[first * width + other] = mean;
      this.#likeness[other * width + first] = mean;
    }
    this.members[first] = this.#joined(left, right);
    this.members[second] = [];
  }

  /** One after the other, turned so that the ends that meet are as alike as can be; of equals as they are. */
  #joined(left: number[], right: number[]): number[] {
    const ways = [
      [left, right],
      [left, right.toReversed()],
      [left.toReversed(), right],
      [left.toReversed(), right.toReversed()],
    ];
    const meeting = ways.map(([one, other]) =>
      Math.abs(entryOf(this.#cosine, one[one.length - 1], other[0])),
    );
    return ways[meeting.indexOf(Math.max(...meeting))].flat();
  }
}
