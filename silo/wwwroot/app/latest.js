// Work of which only the newest matters: another wish aborts what the one before began.
import { attempt } from './notice.js';

/** A function that does work with what it is given and a signal that ends it; a fault is shown at the foot of the page. */
export function latest(work, signal) {
  let before = null;
  return (...wish) => {
    before?.abort();
    before = new AbortController();
    const over = AbortSignal.any([signal, before.signal]);
    return attempt(() => work(...wish, over), over);
  };
}
