// Rows counted into cells.
import { cell } from './axes.js';

/** How many values lie in each of so many cells of an axis. */
export function counts(axis, values, cells) {
  const found = new Float32Array(cells);
  for (const value of values) {
    const at = cell(axis, value, cells);
    if (at >= 0 && at < cells) found[at]++;
  }
  return found;
}

/** The log-density of two columns as far as samples show it, cell by cell, the lowest `y` first; minus infinity where none fell. */
export function plane(x, y, pairs, size) {
  const found = new Float32Array(size * size);
  for (const [a, b] of pairs) {
    const [column, row] = [cell(x, a, size), cell(y, b, size)];
    if (column >= 0 && column < size && row >= 0 && row < size) found[row * size + column]++;
  }
  const area = (x.high - x.low) * (y.high - y.low) / size ** 2;
  return found.map(count => Math.log(count / (pairs.length * area)));
}
