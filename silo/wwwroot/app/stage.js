// A place that shows one view at a time: the next one ends it, and the same one hears what has changed in how it is looked at.
import { failure } from './notice.js';

/** A function that shows the view of a key, which `begin(signal)` opens and which may return what hears of changes. */
export function stage(root, signal) {
  let [shown, changed, closing] = [null, null, null];
  signal?.addEventListener('abort', () => closing?.abort());

  return async function show(key, at, begin) {
    if (key === shown) return changed?.(at);
    closing?.abort();
    closing = new AbortController();
    [shown, changed] = [key, null];
    const { signal: over } = closing;
    try {
      const hears = await begin(over);
      if (!over.aborted) changed = hears;
    } catch (error) {
      if (!over.aborted) root.replaceChildren(failure(error));
    }
  };
}
