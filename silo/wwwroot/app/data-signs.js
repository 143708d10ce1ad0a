// What tells that data sets may have come, gone or been used: storage that is taken or freed, runs that go on to their next phase, and the person who comes back to the page.
import { on } from './live.js';
import { followRuns, idOf } from './runs.js';

/** Tells of it, until the signal. */
export function onDataSigns(listener, signal) {
  const before = new Map();

  function note(what, now) {
    if (before.has(what) && before.get(what) !== now) listener();
    before.set(what, now);
  }

  on('cluster', ({ storage }) => note('storage', storage.data), signal);
  followRuns(runs => note('runs', runs.map(run => `${idOf(run)} ${run.phase}`).join()), signal);
  addEventListener('focus', () => listener(), { signal });
}
