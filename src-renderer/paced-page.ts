import { Pace } from './pace.ts';

/** A frame that is never drawn (nobody looks) is not waited for. */
const longestFrame = 100;

/** The pace of this page: its pauses end when somebody does something, if only with the pointer. */
export function paceOf(page: Window): Pace {
  const pace = new Pace({
    processors: page.navigator.hardwareConcurrency,
    isHidden: () => page.document.hidden,
    now: () => performance.now(),
    frame: () => frame(page),
  });
  for (const event of ['pointerdown', 'keydown', 'wheel'])
    page.addEventListener(event, () => pace.touch(), { capture: true, passive: true });
  page.addEventListener(
    'pointermove',
    ({ movementX, movementY }) => {
      // What moves under a pointer that rests moves nothing.
      if (movementX !== 0 || movementY !== 0) pace.touch();
    },
    { capture: true, passive: true },
  );
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
