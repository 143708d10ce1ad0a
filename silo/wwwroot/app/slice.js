// A cut through a density along one of its two columns, beside the density of that column alone.
import { centers } from './axes.js';
import { chartCard } from './card.js';
import { figure } from './format.js';

/** A panel; `draw(grid, at, along)` shows the cut at a cell of the other column, `along` being 0 for x and 1 for y. */
export function slice(axis, signal) {
  const { element, draw } = chartCard(axis.name, { height: 200, format: value => figure(value, 3), xName: axis.name, showsLast: false }, signal);
  return {
    element,
    draw: ({ values, width: size }, at, along) => { // as many cells up as across
      const density = (i, other) => Math.exp(along === 0 ? values[other * size + i] : values[i * size + other]) || 0;
      const cells = Array.from({ length: size }, (_, i) => i);
      const width = (axis.high - axis.low) / size;
      const alone = scaled(cells.map(i => cells.reduce((sum, other) => sum + density(i, other), 0)), width);
      const cut = at === undefined ? alone.map(() => null) : scaled(cells.map(i => density(i, at)), width);
      draw({ x: Array.from(centers(axis, size)), axis, series: [
        { label: 'density', values: alone, token: 'quiet', width: 1.5, isNamed: true },
        { label: 'at the pointer', values: cut, token: 'accent', width: 2, isNamed: true }] });
    },
  };
}

/** Values that come to an area of one. */
function scaled(values, width) {
  const area = values.reduce((sum, value) => sum + value, 0) * width || 1;
  return values.map(value => value / area);
}
