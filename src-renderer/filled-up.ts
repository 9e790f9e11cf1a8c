import { onBeforeUnmount, onMounted, ref } from 'vue';
import type { Ref } from 'vue';
import { ownTurn } from './own-turn.ts';
import type { Urgency } from './own-turn.ts';

interface Filling {
  /** How many are drawn in one turn; 1 where nothing is said. */
  readonly more?: () => number;
  /** Awaited before each turn: what is more urgent than those after the first so many. */
  readonly wait?: (drawn: number) => Promise<void>;
  /** Of its turns: what a page is made of goes before what fills it up. */
  readonly urgency?: Urgency;
}

/**
 * How many of a list a component draws: some in each turn of its own, and all of them soon. A page of a thousand cells would else hold the window up.
 */
export function filledUp(
  total: () => number,
  { more = () => 1, wait = async () => {}, urgency = 'background' }: Filling,
): Readonly<Ref<number>> {
  const drawn = ref(0);
  const gone = new AbortController();
  onMounted(async () => {
    while (!gone.signal.aborted && drawn.value < total()) {
      await wait(drawn.value);
      await ownTurn(urgency);
      drawn.value += more();
    }
    // Whatever is added later is drawn with the rest.
    drawn.value = Infinity;
  });
  onBeforeUnmount(() => gone.abort());
  return drawn;
}
