// A model's density in the size of a stamp.
import { axisOf } from './axes.js';
import { curve, grid, isExact, middle, samples } from './density.js';
import { h } from './dom.js';
import { paint } from './heatmap.js';
import { plane } from './histogram.js';
import { whenVisible } from './visible.js';

const cells = { exact: 48, sampled: 28 };
const drawn = 6000; // samples, for models of more columns
const known = new Map(); // weights -> what is painted, the newest last
const most = 200; // of them
const look = { look: true }; // a page of stamps sends no model out of memory

/** A canvas, painted once it is on the screen; plain for a damaged model. */
export function thumbnail(model) {
  if (model.damage) return h('span', { class: 'stamp none' });
  const element = h('canvas', { class: 'stamp pixels', role: 'img', 'aria-label': `The density of ${model.name}`, width: 1, height: 1 });
  whenVisible(element, async () => {
    const key = model.weightsSha256 + model.name;
    if (!known.has(key)) known.set(key, pictureOf(model));
    if (known.size > most) known.delete(known.keys().next().value);
    const picture = await known.get(key).catch(() => null); // a model that does not answer has no picture; its page says why
    if (picture) paint(element, picture);
  })();
  return element;
}

async function pictureOf(model) {
  if (model.columns.length === 1) return silhouette(model, axisOf(model, model.columns[0]));
  const [x, y] = model.columns.slice(0, 2).map(name => axisOf(model, name));
  if (isExact(model)) return grid(model, x, y, cells.exact, middle(model), look);
  const rows = await samples(model, drawn, { given: middle(model), ...look });
  return plane(x, y, rows, cells.sampled);
}

/** One column as a mountain: as bright as the density is high, and dark above it. */
async function silhouette(model, x) {
  const size = cells.exact;
  const densities = Array.from(await curve(model, x, size, middle(model), look), value => Math.exp(value) || 0);
  const top = Math.max(...densities);
  return { values: Float32Array.from({ length: size * size }, (_, i) => Math.floor(i / size) < 0.9 * size * densities[i % size] / top ? Math.log(densities[i % size]) : -Infinity), width: size, height: size };
}
