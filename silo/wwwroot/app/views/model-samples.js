// Samples of a model beside the data that it learned.
import { get, path, query as words } from '../api.js';
import { axisOf, extentOf, valueText } from '../axes.js';
import { card } from '../card.js';
import { contextControls, givenBy } from '../context.js';
import { datasetOf } from '../datasets.js';
import { middle, samples } from '../density.js';
import { h, put, show } from '../dom.js';
import { frame } from '../frame.js';
import { count } from '../format.js';
import { latest } from '../latest.js';
import { nearest } from '../near.js';
import { link } from '../router.js';
import { pairChoice, pairOf, pick } from '../pair-matrix.js';

const most = 2000; // of each

export async function open(root, at, signal, model) {
  const [choice, place] = [h('div', { class: 'controls wide' }), h('div', { class: 'columns two' })];
  put(root, choice, place);
  const data = await rowsOf(model, signal);

  const changed = latest(async ({ query }, over) => {
    const given = givenBy(query, model, middle(model));
    const [x, y] = pairOf(model, query);
    if (!choice.hasChildNodes() || choice.dataset.pair !== `${x} ${y}`) {
      show(choice, model.columns.length > 2 && pairChoice(model.columns, x, y), ...contextControls(model, given));
      choice.dataset.pair = `${x} ${y}`;
    }
    const shown = data && model.context.length > 0 ? { ...data, ...nearest(data, model, given) } : data;
    const drawn = await samples(model, shown?.rows.length || most, { given, signal: over });
    const axes = [axisOf(model, x), axisOf(model, y)];
    const [left, right] = [frame(...axes, { label: `Data: ${y} by ${x}` }), frame(...axes, { label: `Samples: ${y} by ${x}` })];
    show(place, dataCard(shown, left), card('Samples', { note: `${count(drawn.length)} draws of the model${givenText(model, given)}`, aside: right.toggle }, right.element));
    if (shown) left.points(pick(shown, x, y));
    right.points(pick({ columns: model.columns, rows: drawn }, x, y));
  }, signal);

  changed(at);
  return changed;
}

/** Where a model is conditioned on something, the rows that had about the same are beside its draws, and say so. */
const dataCard = (data, { element, toggle }) => data
  ? card('Data', { note: `${count(data.rows.length)} rows of ${count(data.total)}${data.words ? `, the nearest: ${data.words}` : ''}`, aside: [h('a', { href: link(['data', data.id]) }, data.source), toggle] }, element)
  : card('Data', {}, h('p', { class: 'empty' }, 'The data set that it learned is not here any more.'));

const givenText = (model, given) => model.context.length === 0 ? '' : ` given ${model.context.map((name, i) => `${name} ${valueText(extentOf(model, name), given[i])}`).join(', ')}`;

/** Some rows of the data set that its run named; null where that is gone. */
async function rowsOf(model, signal) {
  try {
    const plan = await get(path`api/v1/runs/${model.name}/plan${words({ version: model.version })}`, signal);
    const dataset = await datasetOf(plan.data, signal, model.columns);
    if (!dataset) return null;
    return { ...await get(path`api/v1/datasets/${dataset.id}/rows${words({ rows: most, seed: 0 })}`, signal), id: dataset.id, source: dataset.source, total: dataset.rows };
  } catch (error) {
    if (error.status === 404) return null; // the run was deleted, or the model came from elsewhere
    throw error;
  }
}
