// A square picture of two columns in a frame with marks, names and what is under the pointer, or where the arrows have come to.
import { valueText } from './axes.js';
import { tableBehind } from './behind.js';
import { pen, resize } from './canvas.js';
import { h, show } from './dom.js';
import { paint, shades } from './heatmap.js';
import { planeTable } from './plane-table.js';
import { marksOf } from './ticks.js';
import { shade } from './viridis.js';

const steps = 48; // from one end to the other, for arrows
const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/**
 * A frame. `heat(grid)` paints log-densities, `points(pairs, colors)` a cloud, `mark(x, y)` a ring; `toggle` is the button of its table.
 * @param options `onPick(x, y)` hears of the place that was clicked, in units of the data, `onPoint([column, row])` of the cell under the pointer, null outside.
 */
export function frame(x, y, { label, onPick, onPoint, unit = 'log-density, nats' }) {
  const picture = h('canvas', { class: 'pixels', 'aria-hidden': 'true' });
  const [ring, cursor] = [h('i', { class: 'cross', hidden: true }), h('i', { class: 'cross cursor', hidden: true })];
  const [under, bar] = [h('output', { class: 'under quiet' }), h('div', { class: 'scale-bar', hidden: true })];
  const box = h('div', {
    class: 'box', tabindex: 0, role: 'application', 'aria-label': `${label}; arrows go over it${onPick ? ', Enter picks a place' : ''}`,
    onpointermove: event => point(...place(event)), onpointerleave: leave, onblur: leave, onclick: event => onPick?.(...place(event)), onkeydown: steer,
  }, picture, ring, cursor);
  let [shown, at] = [{}, null]; // what is shown, `{ grid }` or `{ pairs, colors }`; where the arrows have come to, in steps

  function place(event) {
    const { left, top, width, height } = box.getBoundingClientRect();
    return [x.low + (event.clientX - left) / width * (x.high - x.low), y.high - (event.clientY - top) / height * (y.high - y.low)];
  }

  function point(a, b) {
    const { grid } = shown;
    const [column, row] = grid ? [cellAt(a, x, grid.width), cellAt(b, y, grid.height)] : [0, 0];
    const value = grid?.values[row * grid.width + column];
    onPoint?.([column, row]);
    show(under, [`${x.name} ${valueText(x, a)}`, `${y.name} ${valueText(y, b)}`, Number.isFinite(value) && `${value.toFixed(2).replace('-', '−')} nats`].filter(Boolean).join('   '));
  }

  function leave() {
    [at, cursor.hidden] = [null, true];
    show(under, '');
    onPoint?.(null);
  }

  function steer(event) {
    const [move, isPick] = [keys[event.key], event.key === 'Enter' && onPick && at];
    if (event.ctrlKey || event.metaKey || event.altKey || !(move || isPick)) return;
    event.preventDefault();
    if (move) at = at === null ? [steps / 2, steps / 2] : at.map((step, i) => Math.min(steps, Math.max(0, step + move[i])));
    const [a, b] = [x.low + at[0] / steps * (x.high - x.low), y.low + at[1] / steps * (y.high - y.low)];
    if (isPick) return onPick(a, b);
    put(cursor, a, b);
    point(a, b);
  }

  function heat(grid) {
    shown = { grid };
    const range = shades(grid.values);
    picture.style.width = picture.style.height = '';
    paint(picture, grid, range);
    bar.hidden = false;
    show(bar, h('i'), h('span', {}, range.top.toFixed(1).replace('-', '−')), h('span', {}, range.floor.toFixed(1).replace('-', '−')), h('small', {}, unit));
    refresh();
  }

  function points(pairs, colors) {
    shown = { pairs, colors };
    drawCloud();
    refresh();
  }

  function drawCloud() {
    if (shown.pairs && box.clientWidth > 0) cloud(picture, box.clientWidth, shown.pairs, shown.colors, x, y);
  }

  function put(ringAt, a, b) {
    ringAt.style.left = `${100 * (a - x.low) / (x.high - x.low)}%`;
    ringAt.style.bottom = `${100 * (b - y.low) / (y.high - y.low)}%`;
    ringAt.hidden = false;
  }

  const figure = h('figure', { class: 'frame' }, h('div', { class: 'y-axis' }, marks(y, 'bottom')), box, bar, h('div', { class: 'x-axis' }, marks(x, 'left')),
    h('figcaption', {}, h('span', {}, h('b', {}, y.name), ' by ', h('b', {}, x.name)), under));
  const { toggle, behind, refresh } = tableBehind(figure, label, () => planeTable(label, x, y, shown), drawCloud);
  return { element: h('div', {}, figure, behind), toggle, heat, points, mark: (a, b) => put(ring, a, b) };
}

const cellAt = (value, { low, high }, cells) => Math.min(cells - 1, Math.max(0, Math.floor((value - low) / (high - low) * cells)));

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
