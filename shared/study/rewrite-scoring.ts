import type { Interval, Late, Study } from '../models/study.ts';
import type { Detector } from '../science/detector.ts';
import { sameScoring, type Scoring } from './scoring.ts';
import { applyChanges, removeAt, wrapAt, writeAt, writeItemsAt, type Edit, type Path } from './edit-text.ts';
import { parseStudy } from './parse-study.ts';
import { readYaml } from './read-yaml.ts';
import { nodeAt } from './source-node.ts';
import { studyKeys } from './study-schema.ts';
import { detectorLines, writtenDetector, writtenLate } from './write-detectors.ts';
import type { Written } from './written-value.ts';

/**
 * A study file's text with other detectors, intervals and late value. Only what differs is touched: comments, order and the author's way
 * of writing stay.
 * @returns null where the text cannot be made to say it: it is no study by itself, or an alias or an odd name is in the way
 */
export function rewriteScoring(text: string, wanted: Scoring): string | null {
  const before = parseStudy(text, '');
  if (!before.ok) return null;
  const page = new Page(text);
  detectors(page, before.study.detectors, wanted.detectors);
  intervals(page, before.study.intervals, wanted.intervals);
  late(page, before.study.late, wanted.late);
  if (page.text === null) return null;
  const after = parseStudy(page.text, '');
  const says = after.ok && sameScoring(after.study, wanted) && allElse(after.study) === allElse(before.study);
  return says ? page.text : null;
}

/** An alias may carry an edit to where nobody asked for it. */
function allElse({ name, description, conditions, seeds, published }: Study): string {
  return JSON.stringify([name, description, conditions, seeds, published]);
}

/** A text under a row of edits; null once one could not be made. */
class Page {
  text: string | null;

  constructor(text: string) {
    this.text = text;
  }

  has(path: Path): boolean {
    return this.kindAt(path) !== null;
  }

  kindAt(path: Path): 'scalar' | 'list' | 'mapping' | null {
    const tree = readYaml(this.text ?? '', '');
    return (tree.ok ? nodeAt(tree.root, path)?.kind : null) ?? null;
  }

  write(path: Path, value: Written, order: readonly string[] = studyKeys): void {
    this.#carryOut((text) => writeAt(text, path, value, order));
  }

  /** Writes the entries of a list one by one, where there are as many. */
  writeItems(path: Path, items: readonly string[]): void {
    this.#carryOut((text) => writeItemsAt(text, path, items) ?? writeAt(text, path, items));
  }

  /** Puts a list under a key beside other entries, as it is written. @returns whether it could be */
  wrap(path: Path, key: string, others: Readonly<Record<string, Written>>): boolean {
    const changes = this.text === null ? null : wrapAt(this.text, path, key, others);
    if (changes === null) return false;
    this.#carryOut(() => changes);
    return true;
  }

  remove(path: Path): void {
    if (this.has(path)) this.#carryOut((text) => removeAt(text, path));
  }

  replace(part: string | RegExp, by: string): void {
    this.text = this.text?.replace(part, () => by) ?? null;
  }

  #carryOut(edit: (text: string) => Edit): void {
    if (this.text === null) return;
    const changes = edit(this.text);
    this.text = changes && applyChanges(this.text, changes);
  }
}

type Detectors = Readonly<Record<string, Detector>>;

function detectors(page: Page, before: Detectors, wanted: Detectors): void {
  if (sameScoring(onlyDetectors(before), onlyDetectors(wanted))) return;
  const names = Object.keys(wanted);
  const inText = page.has(['detectors']) ? before : {};
  for (const name of Object.keys(inText)) if (!Object.hasOwn(wanted, name)) page.remove(['detectors', name]);
  const kept = Object.keys(inText).filter((name) => names.includes(name));
  if (kept.length === 0) {
    page.write(['detectors'], {});
    // Detectors that have no place yet get a line each, where the file has lines.
    page.replace(/^detectors: \{\}/m, detectorLines(wanted).join('\n'));
  }
  for (const [name, detector] of Object.entries(wanted)) {
    const own = inText[name];
    if (own?.kind === detector.kind) fields(page, name, own, detector);
    else if (!page.has(['detectors', name]))
      page.write(['detectors', name], writtenDetector(detector), names);
    else if (own) page.write(['detectors', name], writtenDetector(detector));
  }
}

function fields(page: Page, name: string, before: Detector, wanted: Detector): void {
  const [had, has] = [writtenDetector(before), writtenDetector(wanted)];
  for (const key of new Set([...Object.keys(had), ...Object.keys(has)])) {
    if (had[key] === has[key]) continue;
    const path = ['detectors', name, key];
    if (has[key] === undefined) page.remove(path);
    else page.write(path, has[key]);
  }
}

function onlyDetectors(detectors: Detectors): Scoring {
  return { detectors, intervals: {}, late: { series: '', range: [0, 0], separation: null } };
}

type Intervals = Readonly<Record<string, Interval>>;

function intervals(page: Page, before: Intervals, wanted: Intervals): void {
  for (const name of Object.keys(before)) if (!Object.hasOwn(wanted, name)) page.remove(['intervals', name]);
  for (const [name, { from, to }] of Object.entries(wanted)) {
    const own = before[name];
    if (own?.from !== from || own.to !== to)
      page.write(['intervals', name], { from, to }, Object.keys(wanted));
  }
}

function late(page: Page, before: Late, wanted: Late): void {
  const [had, has] = [writtenLate(before), writtenLate(wanted)];
  const changed = Object.keys(has).filter((key) => JSON.stringify(had[key]) !== JSON.stringify(has[key]));
  if (changed.length === 0) return;
  const kind = page.kindAt(['late']);
  const range = (path: Path): void => page.writeItems(path, wanted.range.map(String));
  if (kind === 'mapping') {
    for (const key of changed)
      if (key === 'range' && page.kindAt(['late', 'range']) === 'list') range(['late', 'range']);
      else page.write(['late', key], has[key]);
    return;
  }
  if (kind !== 'list') return page.write(['late'], has);
  if (changed.includes('range')) range(['late']);
  // Two epochs alone stay two epochs, as long as they say it all.
  const others = Object.fromEntries(changed.filter((key) => key !== 'range').map((key) => [key, has[key]]));
  if (Object.keys(others).length > 0 && !page.wrap(['late'], 'range', others)) page.write(['late'], has);
}
