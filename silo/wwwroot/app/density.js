// What a model says of rows, and rows that it draws: numbers as bytes, both ways.
import { ask, exchange, path, query } from './api.js';
import { centers, extentOf } from './axes.js';

/** Log-densities of rows, which are given number after number; a `look` takes no other model's place in memory. */
const logDensities = async (model, rows, { look, signal }) =>
  new Float32Array(await exchange(path`api/v1/models/${model.name}/log-densities${query({ version: model.version, look })}`, rows, signal));

/** The density of two columns on a grid of so many cells a side, exactly. */
export async function grid(model, x, y, size, given, how = {}) {
  const [across, up] = [centers(x, size), centers(y, size)];
  const isSwapped = model.columns[0] !== x.name;
  const width = 2 + given.length;
  const rows = new Float64Array(size * size * width);
  up.forEach((b, row) => across.forEach((a, column) => rows.set(isSwapped ? [b, a, ...given] : [a, b, ...given], width * (row * size + column))));
  return { values: await logDensities(model, rows, how), width: size, height: size };
}

/** The density along one column, exactly, at so many places. */
export function curve(model, x, size, given, how = {}) {
  const width = 1 + given.length;
  const rows = new Float64Array(size * width);
  centers(x, size).forEach((a, i) => rows.set([a, ...given], width * i));
  return logDensities(model, rows, how);
}

/** Rows that the model draws, each an array; the same seed, the same rows. */
export async function samples(model, rows, { seed = 0, given = [], look, signal } = {}) {
  const words = query({ version: model.version, rows, seed, look });
  for (const value of given) words.append('context', value);
  const numbers = new Float64Array(await (await ask(path`api/v1/models/${model.name}/samples${words}`, { signal })).arrayBuffer());
  const width = model.columns.length;
  return Array.from({ length: numbers.length / width }, (_, i) => Array.from(numbers.subarray(width * i, width * (i + 1))));
}

/** Whether a picture of the model can be evaluated cell by cell: two columns, both of numbers. */
export const isExact = ({ columns, levels }) => columns.length === 2 && columns.every(name => !levels?.[name]);

/** Context values in the middle of what training saw. */
export const middle = model => model.context.map(name => {
  const { low, high, levels, isDate } = extentOf(model, name);
  return levels ? 0 : isDate ? Math.round((low + high) / 2) : (low + high) / 2;
});
