// A place that shows one view at a time: the next one ends it, and the same one hears what has changed in how it is looked at.
import { on } from './live.js';
import { failure } from './notice.js';
import { followRuns, idOf } from './runs.js';

/**
 * A function that shows the view of a key, which `begin(signal)` opens and which may return what hears of changes.
 * One that could not be opened is tried again by the same link, when the silo answers again, and when there is another run.
 */
export function stage(root, signal) {
  let [shown, changed, closing, failed] = [null, null, null, null];
  signal?.addEventListener('abort', () => closing?.abort());

  async function show(key, at, begin) {
    if (key === shown) return changed?.(at);
    closing?.abort();
    closing = new AbortController();
    [shown, changed, failed] = [key, null, null];
    const { signal: over } = closing;
    try {
      const hears = await begin(over);
      if (!over.aborted) changed = hears;
    } catch (error) {
      if (over.aborted) return;
      [shown, failed] = [null, [key, at, begin]];
      root.replaceChildren(failure(error));
    }
  }

  const again = changes(() => failed && show(...failed));
  on('status', ({ state }) => state !== 'silent' && again('live', state === 'live'), signal);
  followRuns(runs => again('runs', runs.map(idOf).join()), signal);
  return show;
}

/** A function that hears how things are, and does something when one of them is another than before. */
function changes(does) {
  const before = new Map();
  return (what, now) => {
    const isOther = before.has(what) && before.get(what) !== now;
    before.set(what, now);
    if (isOther && now !== false) does();
  };
}
