import { z } from 'zod';

/** The part of a chart's state that says what is in view. */
const zoomed = z.object({
  dataZoom: z.array(
    z.object({
      start: z.number().optional(),
      end: z.number().optional(),
      startValue: z.number().optional(),
      endValue: z.number().optional(),
    }),
  ),
});

/** First and last epoch in view, or null when all are. @param option the state as the drawing library tells it */
export function zoomedRange(option: unknown, lastEpoch: number): readonly [number, number] | null {
  const parsed = zoomed.safeParse(option);
  const zoom = parsed.success ? parsed.data.dataZoom[0] : undefined;
  if (zoom?.startValue === undefined || zoom.endValue === undefined) return null;
  if (zoom.startValue <= 0 && zoom.endValue >= lastEpoch) return null;
  return [zoom.startValue, zoom.endValue];
}
