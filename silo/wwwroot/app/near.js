// The rows of a table that are nearest to values of the columns that a model is conditioned on.
import { extentOf, valueText } from './axes.js';
import { isNumber } from './format.js';

const share = 0.1; // of the rows
const least = 100; // rows

/** `{ rows, words }`: they, and within which values of the context they lie, in words. Numbers are measured in the range of their column, a level is the same or another. */
export function nearest({ columns, rows }, model, given) {
  const extents = model.context.map(name => extentOf(model, name));
  const places = model.context.map(name => columns.indexOf(name));
  const distance = row => Math.hypot(...extents.map((extent, i) => apart(extent, row[places[i]], given[i])));
  const near = rows.map(row => ({ row, away: distance(row) })).filter(({ away }) => isNumber(away)).sort((a, b) => a.away - b.away)
    .slice(0, Math.max(least, Math.round(share * rows.length))).map(({ row }) => row);
  const words = near.length === 0 ? [] : extents.map((extent, i) => {
    const values = near.map(row => row[places[i]]).sort((a, b) => a - b);
    return `${extent.name} ${[...new Set([values[0], values.at(-1)].map(value => valueText(extent, value)))].join(' to ')}`;
  });
  return { rows: near, words: words.join(', ') };
}

const apart = ({ levels, low, high }, value, wanted) => levels ? Number(value !== wanted) : Math.abs(value - wanted) / (high - low || 1);
