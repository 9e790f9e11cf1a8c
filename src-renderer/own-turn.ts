export type Urgency = 'user-blocking' | 'background';

const last: Record<Urgency, Promise<unknown>> = {
  'user-blocking': Promise.resolve(),
  background: Promise.resolve(),
};

/**
 * Resolves in a task of its own, so that the page can answer a person, and be painted, between what many charts do at once.
 * @param urgency what somebody asked for goes before all else; what fills the page up, after it
 */
export function ownTurn(urgency: Urgency = 'user-blocking'): Promise<void> {
  const turn = last[urgency].then(() => scheduler.postTask(() => {}, { priority: urgency }));
  last[urgency] = turn;
  return turn;
}
