import { Pace } from './pace.ts';

/** A frame that is never drawn (nobody looks) is not waited for. */
const longestFrame = 100;

/** The pace of this page: keys and clicks end its pauses. */
export function paceOf(page: Window): Pace {
  const pace = new Pace({
    processors: page.navigator.hardwareConcurrency,
    isHidden: () => page.document.hidden,
    now: () => performance.now(),
    frame: () => frame(page),
  });
  for (const event of ['pointerdown', 'keydown', 'wheel'])
    page.addEventListener(event, () => pace.touch(), { capture: true, passive: true });
  page.document.addEventListener('visibilitychange', () => pace.touch());
  return pace;
}

function frame(page: Window): Promise<number> {
  return new Promise((resolve) => {
    const never = setTimeout(() => resolve(0), longestFrame);
    page.requestAnimationFrame(() => {
      const begun = performance.now();
      // The first task after it: layout and paint are over.
      setTimeout(() => {
        clearTimeout(never);
        resolve(performance.now() - begun);
      });
    });
  });
}
