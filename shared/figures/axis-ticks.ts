import type { AxisScale } from './figure.ts';

/** An axis's ends and where it is labelled. */
export interface Ticks {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** 1, 2 or 5 times a power of ten: the least such step with at most `count` of them in `span`. */
function niceStep(span: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = [1, 2, 5, 10].find((times) => span / (times * power) <= count) ?? 10;
  return step * power;
}

function multiples(step: number, from: number, to: number): number[] {
  const ticks: number[] = [];
  // Counted, not added up: a sum of 0.1s is no multiple of 0.1. Rounded to what the step has of digits.
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++)
    ticks.push(Number((k * step).toFixed(Math.min(100, digits))) + 0);
  return ticks;
}

/** Whole powers of ten in the range; where there are fewer than three, 2 and 5 times them as well; every so many where they are more. */
function logTicks(min: number, max: number, count: number): number[] {
  const [low, high] = [Math.log10(min), Math.log10(max)];
  const decades = multiples(niceDecades(high - low, count), low, high).map((power) => 10 ** power);
  if (decades.length >= 3) return decades;
  const finer: number[] = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const times of [1, 2, 5]) {
      const tick = Number((times * 10 ** power).toPrecision(1));
      if (tick >= min && tick <= max) finer.push(tick);
    }
  }
  if (finer.length >= 2) return finer;
  return multiples(niceStep(max - min, count), min, max);
}

function niceDecades(span: number, count: number): number {
  return Math.max(1, Math.ceil(span / count));
}

/** An axis over exactly this range, labelled at round numbers inside it. @param count of labels there is room for, about */
export function ticksWithin([min, max]: readonly [number, number], scale: AxisScale, count: number): Ticks {
  const ticks = scale === 'log' ? logTicks(min, max, count) : multiples(niceStep(max - min, count), min, max);
  return { min, max, ticks };
}

/**
 * An axis that holds these values, with a little room at either end; a linear one ends at round numbers.
 * @param low smallest value, NaN when there is none; > 0 on a logarithmic axis
 */
export function ticksAround(low: number, high: number, scale: AxisScale, count: number): Ticks {
  if (!(low <= high))
    return scale === 'log' ? ticksWithin([0.1, 10], scale, count) : ticksWithin([0, 1], scale, count);
  if (scale === 'log') {
    // At least half a decade, so that a constant is a line and not the whole plot.
    const room = Math.max(0.06 * Math.log10(high / low), high / low < 2 ? 0.15 : 0.02);
    return ticksWithin([low / 10 ** room, high * 10 ** room], scale, count);
  }
  const flat = low === high ? Math.max(Math.abs(low) * 0.1, 1e-12) : 0;
  const step = niceStep(high - low + 2 * flat, count);
  const [min, max] = [
    Math.floor((low - flat) / step + 1e-9) * step,
    Math.ceil((high + flat) / step - 1e-9) * step,
  ];
  const ticks = multiples(step, min, max);
  return { min: ticks[0], max: ticks[ticks.length - 1], ticks };
}
