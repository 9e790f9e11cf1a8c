import { defineStore } from 'pinia';
import { computed } from 'vue';
import { z } from 'zod';
import type { AxisScale } from '#shared/figures/figure.ts';
import { rememberedValue } from '../remembered.ts';
import { useLab } from './lab.ts';

const scale = z.enum(['linear', 'log']);

const group = z.object({
  /** First and last epoch in view; null for all. */
  view: z.tuple([z.number(), z.number()]).nullable(),
  /** What the reader chose instead of a figure's own scale; of the epochs, for all charts at once. */
  xScale: scale.nullable(),
  yScales: z.record(z.string(), scale),
});

type Group = z.infer<typeof group>;

/** By lab file and group of charts, such as those of a study. */
const kept = z.record(z.string(), group);
const untouched: Group = { view: null, xScale: null, yScales: {} };

const arrangement = z.object({ order: z.array(z.string()), hidden: z.array(z.string()) });

/** How charts are looked at: zoom and scales, the same for all charts of a group; which charts a dashboard shows, and in what order. Remembered. */
export const useChartView = defineStore('chart-view', () => {
  const lab = useLab();
  const groups = rememberedValue('charts', kept, {});
  const arranged = rememberedValue('dashboard', arrangement, { order: [], hidden: [] });
  const hiddenFigures = computed<ReadonlySet<string>>(() => new Set(arranged.value.hidden));

  function keyOf(name: string): string {
    return `${lab.info?.path ?? ''}|${name}`;
  }

  function of(name: string): Group {
    return groups.value[keyOf(name)] ?? untouched;
  }

  function change(name: string, part: Partial<Group>): void {
    groups.value = { ...groups.value, [keyOf(name)]: { ...of(name), ...part } };
  }

  function zoom(name: string, view: readonly [number, number] | null): void {
    change(name, { view: view && [view[0], view[1]] });
  }

  function setXScale(name: string, xScale: AxisScale): void {
    change(name, { xScale });
  }

  function setYScale(name: string, figure: string, yScale: AxisScale): void {
    change(name, { yScales: { ...of(name).yScales, [figure]: yScale } });
  }

  /** Figures in the reader's order; those the reader has not moved follow the one they follow by nature. */
  function inOrder<T extends { readonly id: string }>(figures: readonly T[]): T[] {
    const order = arranged.value.order;
    const sorted = order.flatMap((id) => figures.filter((figure) => figure.id === id));
    for (const [index, figure] of figures.entries()) {
      if (order.includes(figure.id)) continue;
      const before = index === 0 ? -1 : sorted.indexOf(figures[index - 1]);
      sorted.splice(before + 1, 0, figure);
    }
    return sorted;
  }

  function toggleFigure(id: string): void {
    const hidden = new Set(arranged.value.hidden);
    if (!hidden.delete(id)) hidden.add(id);
    arranged.value = { ...arranged.value, hidden: [...hidden] };
  }

  /** Moves a figure by so many places. @param shown ids in the order they are shown in */
  function move(id: string, by: number, shown: readonly string[]): void {
    const order = shown.filter((other) => other !== id);
    const to = Math.max(0, Math.min(order.length, shown.indexOf(id) + by));
    order.splice(to, 0, id);
    // Figures of other studies keep their places after these.
    const others = arranged.value.order.filter((other) => !order.includes(other));
    arranged.value = { ...arranged.value, order: [...order, ...others] };
  }

  function resetArrangement(): void {
    arranged.value = { order: [], hidden: [] };
  }

  return { of, zoom, setXScale, setYScale, hiddenFigures, inOrder, toggleFigure, move, resetArrangement };
});
