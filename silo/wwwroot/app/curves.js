// The loss of a run as a few points, for sparklines: what the silo has, and what the stream adds.
import { get, path, query } from './api.js';
import { forgetGone, idOf } from './runs.js';

const most = 120; // points
const known = new Map(); // run@version -> { points: [[step, loss]], step }
forgetGone(known);

/** The points, `[step, loss]` each, which grow while it trains; what went before is asked for once, and `ready` hears when that has come. */
export function lossOf(run, ready) {
  const id = idOf(run);
  if (!known.has(id)) {
    known.set(id, { points: [], step: -1 });
    fetchLoss(run, known.get(id)).then(ready, () => {}); // without it the line begins now
  }
  const curve = known.get(id);
  if (run.phase === 'training' && Number.isFinite(run.trainNll) && run.step > curve.step) {
    curve.points.push([run.step, run.trainNll]);
    curve.step = run.step;
    if (curve.points.length > 2 * most) curve.points = curve.points.filter((_, i) => i % 2 === 1);
  }
  return curve.points;
}

async function fetchLoss({ run, version }, curve) {
  const { step, loss } = await get(path`api/v1/runs/${run}/series${query({ version })}`);
  const [first] = curve.points[0] ?? [Infinity];
  const every = Math.ceil(loss.length / most);
  curve.points.unshift(...step.map((place, i) => [place, loss[i]]).filter(([place, value], i) => i % every === 0 && place < first && Number.isFinite(value)));
}
