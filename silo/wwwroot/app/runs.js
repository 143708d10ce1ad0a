// Every version of every run, as the stream tells it.
import { on } from './live.js';
import { likelihood } from './objective.js';

/** `name@version`. */
export const idOf = ({ run, version }) => `${run}@${version}`;

/** Tells of all runs, now and whenever one of them changes, until the signal. */
export const followRuns = (listener, signal) => on('runs', ({ runs }) => listener(runs.map(line)), signal);

/** What lists say of a run, and over it where it is, while it is under way. */
const line = ({ listing, progress, isStale }) => ({
  ...listing, isStale, begun: listing.started, bestValidationNll: listing.validationNll, ...listing.result && { trainNll: listing.result.trainNll, objective: likelihood }, ...progress,
});
