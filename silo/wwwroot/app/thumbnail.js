// A model's density in the size of a stamp.
import { axisOf } from './axes.js';
import { grid, isExact, middle, samples } from './density.js';
import { h } from './dom.js';
import { paint } from './heatmap.js';
import { plane } from './histogram.js';
import { whenVisible } from './visible.js';

const cells = { exact: 48, sampled: 28 };
const drawn = 6000; // samples, for models of more columns
const known = new Map(); // weights -> what is painted

/** A canvas, painted once it is on the screen; nothing for a model of one column or a damaged one. */
export function thumbnail(model) {
  if (model.damage || model.columns.length < 2) return h('span', { class: 'stamp none' });
  const element = h('canvas', { class: 'stamp pixels', role: 'img', 'aria-label': `The density of ${model.name}`, width: 1, height: 1 });
  whenVisible(element, async () => {
    const key = model.weightsSha256 + model.name;
    if (!known.has(key)) known.set(key, pictureOf(model));
    const picture = await known.get(key).catch(() => null); // a model that does not answer has no picture; its page says why
    if (picture) paint(element, picture.values, picture.size);
  })();
  return element;
}

async function pictureOf(model) {
  const [x, y] = model.columns.slice(0, 2).map(name => axisOf(model, name));
  if (isExact(model)) return { values: await grid(model, x, y, cells.exact, middle(model)), size: cells.exact };
  const rows = await samples(model, drawn, { given: middle(model) });
  return { values: plane(x, y, rows, cells.sampled), size: cells.sampled };
}
