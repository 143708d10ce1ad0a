// Rows counted into cells.
import { cell } from './axes.js';

/** How many values lie in each of so many cells of an axis, or at each level of a category. */
export function counts(axis, values, most) {
  const cells = cellsOf(axis, most);
  const found = new Float32Array(cells);
  for (const value of values) {
    const at = cell(axis, value, cells);
    if (at >= 0 && at < cells) found[at]++;
  }
  return found;
}

/** The log-density of two columns as far as samples show it, as a grid of at most so many cells a side; minus infinity where none fell. */
export function plane(x, y, pairs, most) {
  const [width, height] = [cellsOf(x, most), cellsOf(y, most)];
  const found = new Float32Array(width * height);
  for (const [a, b] of pairs) {
    const [column, row] = [cell(x, a, width), cell(y, b, height)];
    if (column >= 0 && column < width && row >= 0 && row < height) found[row * width + column]++;
  }
  const area = (x.high - x.low) * (y.high - y.low) / (width * height);
  return { values: found.map(count => Math.log(count / (pairs.length * area))), width, height };
}

const cellsOf = ({ levels }, most) => levels ? Math.min(most, levels.length) : most;
