import type { Band } from '#shared/figures/band.ts';
import { buffersOf } from '#shared/figures/drawn-figure.ts';
import type { DrawnCurve, DrawnFigure } from '#shared/figures/drawn-figure.ts';
import type { Painted, PaintedImage, ViewOfFigure } from './view-of-figure.ts';

/** A curve whose statistics go along only where the other side has not got them: at every epoch they are megabytes, and most views change none. */
interface SentCurve extends Omit<DrawnCurve, 'band'> {
  readonly bandId: number;
  readonly band: Band | null;
}

export interface SentView {
  readonly drawn: Omit<DrawnFigure, 'curves'> & { readonly curves: readonly SentCurve[] };
  readonly painted: Painted | null;
}

/** Statistics by their ids. */
export type HeldBands = ReadonlyMap<number, Band>;

/** Numbers statistics, and makes of a view what has to be sent of it. */
export class ViewSender {
  readonly #ids = new WeakMap<Band, number>();
  #last = 0;

  /** @param held ids of the statistics that the other side has @returns what to send, and the memory to be handed over with it */
  send(
    { drawn, painted }: ViewOfFigure,
    held: ReadonlySet<number>,
  ): { readonly sent: SentView; readonly transfer: (ArrayBuffer | PaintedImage)[] } {
    const curves = drawn.curves.map((curve): SentCurve => {
      const bandId = this.#idOf(curve.band);
      return { ...curve, bandId, band: held.has(bandId) ? null : copyOf(curve.band) };
    });
    const copies = curves.flatMap(({ band }) => (band ? Object.values<Band[keyof Band]>({ ...band }) : []));
    return {
      sent: { drawn: { ...drawn, curves }, painted },
      transfer: [
        ...buffersOf(drawn),
        ...copies.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer),
        ...(painted ? [painted.image] : []),
      ],
    };
  }

  #idOf(band: Band): number {
    const known = this.#ids.get(band);
    if (known !== undefined) return known;
    this.#ids.set(band, ++this.#last);
    return this.#last;
  }
}

function copyOf({ median, q1, q3, counts }: Band): Band {
  return { median: median.slice(), q1: q1.slice(), q3: q3.slice(), counts: counts.slice() };
}

/** @param before the statistics that were told to be held @returns the view, and the statistics that it holds */
export function receiveView(
  { drawn, painted }: SentView,
  before: HeldBands,
): { readonly view: ViewOfFigure; readonly held: HeldBands } {
  const held = new Map<number, Band>();
  const curves = drawn.curves.map(({ bandId, band: sent, ...curve }): DrawnCurve => {
    const band = sent ?? before.get(bandId);
    if (!band) throw new TypeError(`The statistics ${bandId} of ${curve.condition} were not sent.`);
    held.set(bandId, band);
    return { ...curve, band };
  });
  return { view: { drawn: { ...drawn, curves }, painted }, held };
}
