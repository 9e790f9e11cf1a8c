import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const results = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable().optional(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/** What Nuxt UI's toasts put around themselves to catch the focus on its way in and out; it hands it on at once. */
const toastGuard = /^<span aria-hidden="true" tabindex="0" style="position: fixed; border: 0px; width: 1px;/;

/** In the page: whether nothing is halfway to another colour, or fading in or out; then it has no contrast to speak of. */
const isStill = `document.getAnimations().every((animation) => {
  const { endTime } = animation.effect.getComputedTiming();
  const changed = animation.effect.getKeyframes().flatMap(Object.keys);
  return endTime === Infinity || !changed.some((name) => /opacity|color$/i.test(name));
})`;

/** Serious and critical findings of axe on the page as it is, a line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(source);
  await expect.poll(() => page.evaluate(isStill)).toBe(true);
  const { violations } = results.parse(await page.evaluate('axe.run(document)'));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes
        .filter(({ html }) => !(id === 'aria-hidden-focus' && toastGuard.test(html)))
        .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
}
