// The curves of a run, thinned out by the silo to a thousand points.
import { get, path, query } from './api.js';

const names = ['step', 'time', 'loss', 'learningRate', 'rowsPerSecond', 'gradientNorm', 'straggler', 'validation', 'marks'];
const bounds = ['lossMin', 'lossMax', 'learningRateMin', 'learningRateMax', 'rowsPerSecondMin', 'rowsPerSecondMax', 'gradientNormMin', 'stragglerMin'];
const nothing = Object.fromEntries([...names, ...bounds].map(name => [name, []]));

/** They; what the silo leaves out is empty. */
export const seriesOf = async (run, version, signal) => ({ ...nothing, ...await get(path`api/v1/runs/${run}/series${query({ version })}`, signal) });

/** Validations, each at the first point that is not before it; null at the other points. */
export function validationsAt({ step, validation }) {
  const found = step.map(() => null);
  let i = 0;
  for (const { step: place, nll } of validation) {
    while (i < step.length - 1 && step[i] < place) i++;
    found[i] = nll;
  }
  return found;
}
