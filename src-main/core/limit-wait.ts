/** A timer this late says that the host itself stood still: stopped, asleep, or at one long piece of work. */
const lateMilliseconds = 1000;

/**
 * Gives up waiting for another process after so many milliseconds. Where the host itself stood still, what came meanwhile is not read yet, and
 * the wait begins again.
 * @returns ends the wait
 */
export function limitWait(milliseconds: number, giveUp: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;

  function wait(): void {
    const due = performance.now() + milliseconds;
    timer = setTimeout(() => {
      if (performance.now() > due + lateMilliseconds) wait();
      else giveUp();
    }, milliseconds);
  }

  wait();
  return () => clearTimeout(timer);
}
