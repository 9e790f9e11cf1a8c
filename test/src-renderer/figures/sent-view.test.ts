import { expect, it } from 'vitest';
import { drawFigure } from '#shared/figures/draw-figure.ts';
import type { DrawnFigure } from '#shared/figures/drawn-figure.ts';
import { receiveView, ViewSender } from '../../../src-renderer/figures/sent-view.ts';
import type { SentView } from '../../../src-renderer/figures/sent-view.ts';
import { noisyLine, sampleCurve, sampleFigure, wholeRequest } from '../../shared/figures/sample-figure.ts';

const curves = [0, 1].map((place) => sampleCurve(`c${place}`, place, [noisyLine(50, place)]));

function drawnOf(of: typeof curves): DrawnFigure {
  return drawFigure(sampleFigure(of), wholeRequest);
}

/** As it arrives on the other side. */
function arrived({ sent, transfer }: ReturnType<ViewSender['send']>): SentView {
  return structuredClone(sent, { transfer: transfer.filter((each) => each instanceof ArrayBuffer) });
}

it('what the other side holds is not sent again, and what changed is', () => {
  const sender = new ViewSender();
  const first = arrived(sender.send({ drawn: drawnOf(curves), painted: null }, new Set()));
  const { view, held } = receiveView(first, new Map());
  expect(view.drawn.curves.map(({ band }) => band)).toStrictEqual(curves.map(({ band }) => band));

  const grown = [curves[0], sampleCurve('c1', 1, [noisyLine(60, 1)])];
  const second = arrived(sender.send({ drawn: drawnOf(grown), painted: null }, new Set(held.keys())));
  expect(second.drawn.curves.map(({ band }) => band === null)).toStrictEqual([true, false]);
  const next = receiveView(second, held);
  expect(next.view.drawn.curves[0].band).toBe(view.drawn.curves[0].band);
  expect(next.view.drawn.curves[1].band).toStrictEqual(grown[1].band);
  // What a curve no longer has is let go.
  expect(next.held.size).toBe(2);
});

it('statistics stay with whoever made them', () => {
  const drawn = drawnOf(curves);
  arrived(new ViewSender().send({ drawn, painted: null }, new Set()));
  expect(drawn.curves[0].band.median).toHaveLength(50);
  expect(drawn.curves[0].median).toHaveLength(0);
});

it('statistics that were neither sent nor held are refused', () => {
  const { sent } = new ViewSender().send({ drawn: drawnOf(curves), painted: null }, new Set([1]));
  expect(() => receiveView(sent, new Map())).toThrow('The statistics 1 of c0 were not sent.');
});
