import { ref, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import type { z } from 'zod';

/** Where a browser keeps small things; absent where it is switched off. */
function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

const prefix = 'grokscope.';

/** A choice that outlives the window; anything but one of `choices` is taken as `initial`. */
export function remembered<T extends string>(key: string, initial: T, choices: readonly T[]): Ref<T> {
  const stored = storage()?.getItem(prefix + key);
  const value: Ref<T> = shallowRef(choices.find((choice) => choice === stored) ?? initial);
  watch(value, (next) => storage()?.setItem(prefix + key, next));
  return value;
}

/** A text that outlives the window, such as what was being written. */
export function rememberedText(key: string, initial: string): Ref<string> {
  const value = ref(storage()?.getItem(prefix + key) ?? initial);
  watch(value, (next) => storage()?.setItem(prefix + key, next));
  return value;
}

/** A size that outlives the window. */
export function rememberedNumber(
  key: string,
  initial: number,
  [least, most]: readonly [number, number],
): Ref<number> {
  const stored = Number.parseFloat(storage()?.getItem(prefix + key) ?? '');
  const value = ref(stored >= least && stored <= most ? stored : initial);
  watch(value, (next) => storage()?.setItem(prefix + key, String(next)));
  return value;
}

/** Whether something is so, for longer than the window. */
export function rememberedFlag(key: string, initial: boolean): Ref<boolean> {
  const stored = storage()?.getItem(prefix + key);
  const value = ref(stored === 'true' || (stored !== 'false' && initial));
  watch(value, (next) => storage()?.setItem(prefix + key, String(next)));
  return value;
}

/** Anything that outlives the window; what was kept and does not fit the schema is taken as `initial`. Replace the value to change it. */
export function rememberedValue<T>(key: string, schema: z.ZodType<T>, initial: T): Ref<T> {
  const value: Ref<T> = shallowRef(read(schema, storage()?.getItem(prefix + key)) ?? initial);
  watch(value, (next) => storage()?.setItem(prefix + key, JSON.stringify(next)));
  return value;
}

function read<T>(schema: z.ZodType<T>, text: string | null | undefined): T | null {
  if (!text) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
