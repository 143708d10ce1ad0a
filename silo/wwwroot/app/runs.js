// Every version of every run: the list, and over it what the stream says of those that move.
import { get } from './api.js';
import { on } from './live.js';

/** `name@version`. */
export const idOf = ({ run, version }) => `${run}@${version}`;

/** Tells of all runs, now and whenever one of them changes, until the signal. */
export function followRuns(listener, signal, onFault) {
  let [listed, moving, seen] = [[], new Map(), null];
  const tell = () => listener(merged(listed, moving));

  async function list() {
    try {
      listed = (await get('api/v1/runs', signal)).runs;
      tell();
    } catch (error) {
      if (!signal.aborted) onFault(error);
    }
  }

  on('runs', ({ runs }) => {
    moving = new Map(runs.map(run => [idOf(run), run]));
    const now = runs.map(run => `${idOf(run)} ${run.phase}`).join();
    if (now !== seen) list(); // one began, or came to an end, and the list has more to say of it
    else tell();
    seen = now;
  }, signal);
  if (seen === null) list();
}

function merged(listed, moving) {
  const rest = new Map(moving);
  const lines = listed.map(line => {
    const now = rest.get(idOf(line));
    rest.delete(idOf(line));
    return { ...line, begun: line.started, bestValidationNll: line.validationNll, trainNll: line.result?.trainNll, rowsPerSecond: null, ...now };
  });
  return [...rest.values(), ...lines];
}
