// A model of many columns: every pair of them, counted from samples, and one pair large.
import { axisOf } from '../axes.js';
import { card } from '../card.js';
import { samples } from '../density.js';
import { h, show } from '../dom.js';
import { frame } from '../frame.js';
import { plane } from '../histogram.js';
import { pairChoice, pairOf, pairsCard, pick } from '../pair-matrix.js';

const drawn = 30_000; // samples
const cells = 96; // a side of the large picture

/** Draws into a root, for values of the context and a pair from the address. */
export function pairs(root, model) {
  const [matrix, picture] = [h('div'), h('div')];
  const axes = new Map(model.columns.map(name => [name, axisOf(model, name)]));
  show(root, h('div', { class: 'columns two' }, matrix, picture));
  let [rows, drawnFor] = [null, null];

  return async (given, query, signal) => {
    if (drawnFor !== given.join()) [rows, drawnFor] = [await samples(model, drawn, { given, signal }), given.join()];
    const [table, [x, y]] = [{ columns: model.columns, axes, rows }, pairOf(model, query)];
    show(matrix, pairsCard(table, x, y, `${drawn.toLocaleString('en')} samples`));
    const { element, toggle, heat } = frame(axes.get(x), axes.get(y), { label: `The density of ${y} by ${x}` });
    show(picture, card('Density', { note: 'counted from samples', aside: [pairChoice(model.columns, x, y), toggle] }, element));
    heat(plane(axes.get(x), axes.get(y), pick(table, x, y), cells));
  };
}
