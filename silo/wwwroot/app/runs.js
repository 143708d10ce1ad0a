// Every version of every run, as the stream tells it.
import { on } from './live.js';
import { likelihood } from './objective.js';

/** `name@version`. */
export const idOf = ({ run, version }) => `${run}@${version}`;

/** Tells of all runs, now and whenever one of them changes, until the signal. */
export const followRuns = (listener, signal) => on('runs', ({ runs }) => listener(runs.map(line)), signal);

/** Drops from a map by `name@version` what is of runs that are gone, until the signal. */
export const forgetGone = (map, signal) => on('runs', ({ runs }) => {
  const there = new Set(runs.map(({ listing }) => idOf(listing)));
  for (const id of map.keys()) if (!there.has(id)) map.delete(id);
}, signal);

/** What lists say of a run, and over it where it is, while it is under way. */
const line = ({ listing, progress, isStale }) => ({
  ...listing, isStale, begun: listing.started, bestValidationNll: listing.validationNll, ...listing.result && { trainNll: listing.result.trainNll, objective: likelihood }, ...progress,
});
