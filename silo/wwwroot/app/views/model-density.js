// What a model has learned, as pictures: exactly where it has one or two columns, counted from samples where it has more.
import { axisOf, centers } from '../axes.js';
import { card, chartCard } from '../card.js';
import { contextControls, givenBy } from '../context.js';
import { curve, grid, isExact, middle } from '../density.js';
import { h, put, show } from '../dom.js';
import { frame } from '../frame.js';
import { figure, nats } from '../format.js';
import { latest } from '../latest.js';
import { go } from '../router.js';
import { slice } from '../slice.js';
import { pairs } from './model-pairs.js';

const coarse = 48, fine = 224; // cells a side: the first is there at once
const places = 512; // along one column

export async function open(root, at, signal, model) {
  const content = h('div');
  const controls = h('div', { class: 'controls wide' }, contextControls(model, givenBy(at.query, model, middle(model))));
  put(root, model.context.length > 0 ? card('Conditioned on', {}, controls) : '', content);
  const draw = isExact(model) ? exact(content, model, signal) : model.columns.length === 1 ? line(content, model, signal) : pairs(content, model);
  const changed = latest(({ query }, over) => draw(givenBy(query, model, middle(model)), query, over), signal);
  changed(at);
  return changed;
}

/** Two columns: evaluated in the middle of every cell, with the cuts through the place under the pointer. */
function exact(root, model, signal) {
  const [x, y] = model.columns.map(name => axisOf(model, name));
  const cuts = [slice(x, signal), slice(y, signal)];
  let cells = null;
  const { element, toggle, heat } = frame(x, y, {
    label: `The density of ${y.name} by ${x.name}`,
    onPoint: at => cells && cuts.forEach((cut, i) => cut.draw(cells, at?.[1 - i], i)),
    onPick: (a, b) => go(['try'], { model: model.name, version: model.version, row: [a, b].map(value => Number(value.toPrecision(6))).join() }),
  });
  show(root, h('div', { class: 'columns beside' },
    card('Density', { note: 'exact, in the units of the data; click a place to ask about it', aside: toggle }, element),
    h('div', { class: 'stack' }, cuts.map(cut => cut.element))));
  return async (given, _, over) => {
    for (const size of [coarse, fine]) {
      cells = await grid(model, x, y, size, given, { signal: over });
      heat(cells);
    }
    cuts.forEach((cut, i) => cut.draw(cells, undefined, i));
  };
}

/** One column: a curve, and its logarithm, which shows the tails. */
function line(root, model, signal) {
  const x = axisOf(model, model.columns[0]);
  const options = { height: 280, xName: x.name, showsLast: false };
  const [density, log] = [chartCard('Density', { ...options, format: value => figure(value, 4), note: `of ${x.name}, exact` }, signal), chartCard('Log-density', { ...options, format: nats, note: 'nats' }, signal)];
  show(root, h('div', { class: 'stack' }, density.element, log.element));
  return async (given, _, over) => {
    const values = Array.from(await curve(model, x, places, given, { signal: over }), value => Number.isFinite(value) ? value : null);
    const common = { x: Array.from(centers(x, places)), axis: x };
    density.draw({ ...common, series: [{ label: 'density', values: values.map(value => value === null ? 0 : Math.exp(value)), token: 'accent', width: 2, isNamed: true }] });
    log.draw({ ...common, series: [{ label: 'log-density', values, token: 'accent', width: 2, isNamed: true }] });
  };
}
