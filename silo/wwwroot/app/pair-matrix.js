// Every pair of columns of rows, counted: small pictures below a diagonal of single columns, and their correlations in the table behind.
import { bars } from './bars.js';
import { tableBehind, textTable } from './behind.js';
import { card } from './card.js';
import { h } from './dom.js';
import { figure } from './format.js';
import { paint } from './heatmap.js';
import { counts, plane } from './histogram.js';
import { correlation } from './moments.js';
import { look } from './router.js';

const most = 6; // columns
const cells = 36; // a side; finer, and the grain of the rows shows

/** A panel with the pictures of `{ columns, axes, rows }`, `axes` by name; the chosen pair is marked, and a click chooses another. `note` says what is counted. */
export function pairsCard(table, x, y, note) {
  const names = table.columns.slice(0, most);
  const pictures = names.flatMap((up, row) => names.map((across, column) => column > row ? h('span') : column === row ? alone(table, up) : pair(table, across, up, across === x && up === y)));
  const matrix = h('div', { class: 'matrix', style: { 'grid-template-columns': `repeat(${names.length}, minmax(0, 1fr))` } }, pictures);
  const { toggle, behind } = tableBehind(matrix, 'Pairs', () => correlations(table, names));
  const first = table.columns.length > most ? `; the first ${most} of ${table.columns.length} columns, others by their names` : '';
  return card('Pairs', { note: `${note}; click one${first}`, aside: toggle }, matrix, behind);
}

/** The two columns that the address names, else the first two. */
export function pairOf({ columns }, query) {
  const named = [query.get('cx'), query.get('cy')];
  return named.every(name => columns.includes(name)) && named[0] !== named[1] ? named : columns.slice(0, 2);
}

/** Two columns of rows. */
export function pick({ columns, rows }, x, y) {
  const [a, b] = [columns.indexOf(x), columns.indexOf(y)];
  return rows.map(row => [row[a], row[b]]);
}

/** Two choices of a column. */
export const pairChoice = (columns, x, y) => h('div', { class: 'controls' },
  choice('across', columns, x, cx => look({ cx, cy: cx === y ? x : y })), choice('up', columns, y, cy => look({ cy, cx: cy === x ? y : x })));

function choice(label, names, chosen, onChoice) {
  const select = h('select', { 'aria-label': label, onchange: () => onChoice(select.value) }, names.map(name => h('option', { selected: name === chosen }, name)));
  return h('label', {}, `${label} `, select);
}

function alone({ columns, axes, rows }, name) {
  const at = columns.indexOf(name);
  return h('div', { class: 'alone' }, bars(counts(axes.get(name), rows.map(row => row[at]), cells), `${name}, counted`), h('span', {}, name));
}

function pair(table, across, up, isChosen) {
  const canvas = h('canvas', { class: 'pixels', 'aria-hidden': 'true' });
  paint(canvas, plane(table.axes.get(across), table.axes.get(up), pick(table, across, up), cells));
  return h('button', { class: 'pair', 'aria-pressed': String(isChosen), 'aria-label': `${up} by ${across}`, onclick: () => look({ cx: across, cy: up }) }, canvas);
}

const correlations = (table, names) => textTable('Correlation of each pair', ['correlation', ...names], names.map((up, row) =>
  [up, ...names.map((across, column) => column < row ? figure(correlation(pick(table, across, up)), 2) : '')]), 1);
