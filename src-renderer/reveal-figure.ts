/** Frames a page may take to show its figures after it was gone to. */
const patience = 120;

/** Scrolls to the figure of this title, once it is there. */
export function revealFigure(title: string, left = patience): void {
  const figure = [...document.querySelectorAll('figure')].find(
    (candidate) => candidate.getAttribute('aria-label') === title,
  );
  if (figure) figure.scrollIntoView({ block: 'center' });
  else if (left > 0) requestAnimationFrame(() => revealFigure(title, left - 1));
}
