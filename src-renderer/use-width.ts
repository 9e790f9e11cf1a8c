import { onBeforeUnmount, ref, watch } from 'vue';
import type { Ref } from 'vue';

/** The width of an element in pixels, as it changes; 0 until it is there. */
export function useWidth(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<number>> {
  const width = ref(0);
  const observer = new ResizeObserver(([entry]) => (width.value = Math.floor(entry.contentRect.width)));
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before);
      if (now) observer.observe(now);
    },
    { flush: 'post' },
  );
  onBeforeUnmount(() => observer.disconnect());
  return width;
}
