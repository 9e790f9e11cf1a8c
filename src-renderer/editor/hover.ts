import { hoverTooltip } from '@codemirror/view';
import { guideAt } from '#shared/study/format-guide.ts';
import { guideElement } from './guide-element.ts';
import { placeInText } from './place-in-text.ts';

const wordPart = /[\w.-]/;

/** The field under the pointer: what it is, its unit, what it allows and what holds when it is left out. */
export const studyHover = hoverTooltip((view, position) => {
  const text = view.state.doc.toString();
  let [from, to] = [position, position];
  while (from > 0 && wordPart.test(text[from - 1])) from--;
  while (to < text.length && wordPart.test(text[to])) to++;
  if (from === to) return null;
  const place = placeInText(text, to);
  if (!place) return null;
  const path = place.slot === 'key' ? [...place.path, text.slice(from, to)] : place.path;
  const entry = guideAt(path);
  return entry && { pos: from, end: to, above: true, create: () => ({ dom: guideElement(entry) }) };
});
