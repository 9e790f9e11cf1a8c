import { formatRatio, formatSetting } from './format-number.ts';
import type { ThresholdMargin } from './score-detector.ts';

/** What the runs say of a threshold, in a sentence. @param pair the condition that should fire, and the one that should not */
export function explainMargin(
  { control, signal, separates }: ThresholdMargin,
  threshold: number,
  [name, controlName]: readonly [string, string],
): { readonly isSafe: boolean; readonly sentence: string } {
  const own = formatSetting(threshold);
  if (!separates) {
    return {
      isSafe: false,
      sentence:
        `No threshold tells the two apart: a run of ${controlName} fires up to ${formatRatio(control)}, and one of ${name} only up to ` +
        `${formatRatio(signal)}. Every threshold counts a control or misses a run.`,
    };
  }
  const between = `${formatRatio(control)} (where the last run of ${controlName} stops firing) and ${formatRatio(signal)} (where the first run of ${name} does)`;
  const isInside = threshold > Math.min(control, signal) && threshold < Math.max(control, signal);
  const sentence = isInside
    ? `Any threshold between ${between} separates the two as these seeds have it; ${own} lies inside.`
    : `${own} is outside of where the two separate: between ${between}.`;
  return { isSafe: isInside, sentence };
}
