let last: Promise<unknown> = Promise.resolve();

/** Resolves in a task of its own, so that the page can answer a person between what many charts do at once. */
export function ownTurn(): Promise<void> {
  const turn = last.then(() => scheduler.postTask(() => {}, { priority: 'user-blocking' }));
  last = turn;
  return turn;
}
