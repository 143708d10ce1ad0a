// A square picture of two columns in a frame with marks, names and what is under the pointer.
import { said } from './axes.js';
import { pen, resize } from './canvas.js';
import { h, show } from './dom.js';
import { paint, shades } from './heatmap.js';
import { marksOf } from './ticks.js';
import { shade } from './viridis.js';

/**
 * A frame. `heat(grid)` paints log-densities, `points(pairs, colors)` a cloud, `mark(x, y)` a ring.
 * @param options `onPick(x, y)` hears of the place that was clicked, in units of the data, `onPoint([column, row])` of the cell under the pointer, null outside.
 */
export function frame(x, y, { label, onPick, onPoint, unit = 'log-density, nats' }) {
  const picture = h('canvas', { class: 'pixels', role: 'img', 'aria-label': label });
  const cross = h('i', { class: 'cross', hidden: true });
  const [under, bar] = [h('output', { class: 'under quiet' }), h('div', { class: 'scale-bar', hidden: true })];
  const box = h('div', { class: 'box', onpointermove: point, onpointerleave: leave, onclick: event => onPick?.(...place(event)) }, picture, cross);
  let grid = null;

  function place(event) {
    const { left, top, width, height } = box.getBoundingClientRect();
    return [x.low + (event.clientX - left) / width * (x.high - x.low), y.high - (event.clientY - top) / height * (y.high - y.low)];
  }

  function point(event) {
    const [a, b] = place(event);
    const [column, row] = grid ? [at(a, x, grid.width), at(b, y, grid.height)] : [0, 0];
    const value = grid?.values[row * grid.width + column];
    onPoint?.([column, row]);
    show(under, [`${x.name} ${said(x, a)}`, `${y.name} ${said(y, b)}`, Number.isFinite(value) && `${value.toFixed(2).replace('-', '−')} nats`].filter(Boolean).join('   '));
  }

  function leave() {
    show(under, '');
    onPoint?.(null);
  }

  const at = (value, { low, high }, cells) => Math.min(cells - 1, Math.max(0, Math.floor((value - low) / (high - low) * cells)));

  function heat(next) {
    grid = next;
    const range = shades(grid.values);
    picture.style.width = picture.style.height = '';
    paint(picture, grid, range);
    bar.hidden = false;
    show(bar, h('i'), h('span', {}, range.top.toFixed(1).replace('-', '−')), h('span', {}, range.floor.toFixed(1).replace('-', '−')), h('small', {}, unit));
  }

  function points(pairs, colors) {
    grid = null;
    cloud(picture, box.clientWidth, pairs, colors, x, y);
  }

  function mark(a, b) {
    cross.style.left = `${100 * (a - x.low) / (x.high - x.low)}%`;
    cross.style.bottom = `${100 * (b - y.low) / (y.high - y.low)}%`;
    cross.hidden = false;
  }

  const element = h('figure', { class: 'frame' }, h('div', { class: 'y-axis' }, marks(y, 'bottom')), box, bar, h('div', { class: 'x-axis' }, marks(x, 'left')),
    h('figcaption', {}, h('span', {}, h('b', {}, y.name), ' by ', h('b', {}, x.name)), under));
  return { element, heat, points, mark };
}

/** Points on a square canvas of a side in pixels; the fewer, the larger. */
export function cloud(canvas, side, pairs, colors, x, y) {
  resize(canvas, side, side);
  const context = pen(canvas);
  const size = Math.max(1, Math.min(3, side / 3 / Math.sqrt(pairs.length)));
  context.fillStyle = shade(0);
  context.fillRect(0, 0, side, side);
  context.fillStyle = shade(0.95);
  context.globalAlpha = colors ? 0.85 : 0.6;
  pairs.forEach(([a, b], i) => {
    if (colors) context.fillStyle = colors[i];
    context.fillRect((a - x.low) / (x.high - x.low) * side - size / 2, (y.high - b) / (y.high - y.low) * side - size / 2, size, size);
  });
}

function marks(axis, side) {
  const found = marksOf(axis, 5);
  const every = Math.ceil(found.length / 8);
  return found.filter((_, i) => i % every === 0).map(([value, text]) => h('span', { style: { [side]: `${100 * (value - axis.low) / (axis.high - axis.low)}%` } }, text));
}
