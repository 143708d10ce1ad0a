// The curves of a run, thinned out by the silo to a thousand points.
import { get, path, query } from './api.js';

const nothing = { step: [], time: [], loss: [], lossMin: [], lossMax: [], learningRate: [], rowsPerSecond: [], gradientNorm: [], straggler: [], marks: [] };

/** They, all or of a stretch of steps; what the silo leaves out is empty. */
export async function seriesOf(run, version, { from, to } = {}, signal) {
  const series = await get(path`api/v1/runs/${run}/series${query({ version, from: from && Math.floor(from), to: to && Math.ceil(to) })}`, signal);
  return { ...nothing, ...dropNulls(series), validation: { step: [], nll: [], ...dropNulls(series.validation ?? {}) } };
}

const dropNulls = values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
