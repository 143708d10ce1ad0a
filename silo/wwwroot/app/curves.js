// The loss of a run as a few numbers, for sparklines: what the silo has, and what the stream adds.
import { get, path, query } from './api.js';
import { idOf } from './runs.js';

const points = 120;
const known = new Map(); // run@version -> { loss, step }

/** The numbers, which grow while it trains; what went before is asked for once, and `ready` hears when that has come. */
export function lossOf(run, ready) {
  const id = idOf(run);
  if (!known.has(id)) {
    known.set(id, { loss: [], step: -1 });
    fetchLoss(run, known.get(id)).then(ready, () => {}); // without it the line begins now
  }
  const curve = known.get(id);
  if (run.phase === 'training' && Number.isFinite(run.trainNll) && run.step > curve.step) {
    curve.loss.push(run.trainNll);
    curve.step = run.step;
    if (curve.loss.length > 2 * points) curve.loss = curve.loss.filter((_, i) => i % 2 === 1);
  }
  return curve.loss;
}

async function fetchLoss({ run, version }, curve) {
  const { loss } = await get(path`api/v1/runs/${run}/series${query({ version })}`);
  const every = Math.ceil(loss.length / points);
  curve.loss.unshift(...loss.filter((value, i) => i % every === 0 && Number.isFinite(value)));
}
