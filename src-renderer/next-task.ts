/** Resolves in a task of its own, so that the browser can draw and answer the keyboard before. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
