// A model of many columns: every pair of them, counted from samples, and one pair large.
import { axisOf } from '../axes.js';
import { card } from '../card.js';
import { samples } from '../density.js';
import { h, show } from '../dom.js';
import { frame } from '../frame.js';
import { paint } from '../heatmap.js';
import { counts, plane } from '../histogram.js';
import { bars } from '../bars.js';
import { look } from '../router.js';

const drawn = 30_000, large = 96, small = 36; // samples; cells a side, beyond which their grain shows
const most = 6; // columns in the matrix

/** Draws into a root, for values of the context and a pair from the address. */
export function pairs(root, model) {
  const [matrix, picture] = [h('div'), h('div')];
  show(root, h('div', { class: 'columns two' }, card('Pairs', { note: `${drawn.toLocaleString('en')} samples; click one` }, matrix), picture));
  let [rows, drawnFor] = [null, null];

  return async (given, query, signal) => {
    if (drawnFor !== given.join()) {
      rows = await samples(model, drawn, { given, signal });
      drawnFor = given.join();
    }
    const [x, y] = pairOf(model, query);
    show(matrix, pairMatrix(model, rows, x, y));
    const { element, heat } = frame(axisOf(model, x), axisOf(model, y), { label: `The density of ${y} by ${x}` });
    show(picture, card('Density', { note: 'counted from samples', class: 'picture-card', aside: pairChoice(model, x, y) }, element));
    heat(plane(axisOf(model, x), axisOf(model, y), pick(model, rows, x, y), large), large);
  };
}

/** The two columns that the address names, else the first two. */
export function pairOf(model, query) {
  const named = [query.get('cx'), query.get('cy')];
  return named.every(name => model.columns.includes(name)) && named[0] !== named[1] ? named : model.columns.slice(0, 2);
}

/** Two choices of a column. */
export const pairChoice = (model, x, y) => h('div', { class: 'controls' }, choice('across', model.columns, x, cx => look({ cx, cy: cx === y ? x : y })), choice('up', model.columns, y, cy => look({ cy, cx: cy === x ? y : x })));

/** Two columns of rows. */
export function pick(model, rows, x, y) {
  const [a, b] = [model.columns.indexOf(x), model.columns.indexOf(y)];
  return rows.map(row => [row[a], row[b]]);
}

function choice(label, names, chosen, onChoice) {
  const select = h('select', { 'aria-label': label, onchange: () => onChoice(select.value) }, names.map(name => h('option', { selected: name === chosen }, name)));
  return h('label', {}, `${label} `, select);
}

/** The lower triangle of pairs, with every column by itself on the diagonal. */
function pairMatrix(model, rows, x, y) {
  const names = model.columns.slice(0, most);
  const cells = names.flatMap((up, row) => names.map((across, column) => column > row ? h('span') : column === row ? alone(model, rows, up) : pair(model, rows, across, up, across === x && up === y)));
  return h('div', { class: 'matrix', style: { 'grid-template-columns': `repeat(${names.length}, 1fr)` } }, cells);
}

function alone(model, rows, name) {
  const axis = axisOf(model, name);
  const at = model.columns.indexOf(name);
  return h('div', { class: 'alone' }, bars(counts(axis, rows.map(row => row[at]), small), `${name}, counted`), h('span', {}, name));
}

function pair(model, rows, across, up, isChosen) {
  const canvas = h('canvas', { class: 'pixels', 'aria-hidden': 'true' });
  paint(canvas, plane(axisOf(model, across), axisOf(model, up), pick(model, rows, across, up), small), small);
  return h('button', { class: 'pair', 'aria-pressed': String(isChosen), 'aria-label': `${up} by ${across}`, onclick: () => look({ cx: across, cy: up }) }, canvas);
}
