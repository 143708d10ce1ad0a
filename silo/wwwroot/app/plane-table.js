// A picture of two columns in numbers: fewer cells than the picture has, as many as a table can show.
import { cell, centers, valueText } from './axes.js';
import { textTable } from './behind.js';
import { count } from './format.js';

const most = 12; // cells a side

/** The table of `{ grid }`, log-densities of which each cell has the mean of the densities, or of `{ pairs }`, which it counts; the highest `y` first, as in the picture. */
export function planeTable(label, x, y, { grid, pairs }) {
  const [width, height] = [x, y].map(({ levels }) => Math.min(most, levels?.length ?? most, grid?.width ?? most));
  const texts = grid ? means(grid, width, height) : counted(x, y, pairs ?? [], width, height);
  const [across, up] = [Array.from(centers(x, width), value => valueText(x, value)), Array.from(centers(y, height), value => valueText(y, value))];
  return textTable(`${label}, ${grid ? 'nats' : 'points'}`, [`${y.name} by ${x.name}`, ...across], up.map((name, row) => [name, ...texts.slice(row * width, (row + 1) * width)]).reverse());
}

function means({ values, width: from, height: down }, width, height) {
  const [sums, cells] = [new Float64Array(width * height), new Float64Array(width * height)];
  values.forEach((value, i) => {
    const at = Math.floor(Math.floor(i / from) * height / down) * width + Math.floor(i % from * width / from);
    sums[at] += Math.exp(value) || 0;
    cells[at]++;
  });
  return Array.from(sums, (sum, i) => sum > 0 ? Math.log(sum / cells[i]).toFixed(1).replace('-', '−') : '−∞');
}

function counted(x, y, pairs, width, height) {
  const found = new Float64Array(width * height);
  for (const [a, b] of pairs) {
    const [column, row] = [cell(x, a, width), cell(y, b, height)];
    if (column >= 0 && column < width && row >= 0 && row < height) found[row * width + column]++;
  }
  return Array.from(found, number => count(number));
}
