// Asks a model about one row: how likely it is, how unusual, and which of its columns are why.
import { get, path, query as words, send } from '../api.js';
import { card } from '../card.js';
import { middle, samples } from '../density.js';
import { h, put, show } from '../dom.js';
import { latest } from '../latest.js';
import { failure } from '../notice.js';
import { look, route } from '../router.js';
import { rowOf, rowText } from '../row.js';
import { rowForm } from './row-form.js';
import { rowPlace } from './row-place.js';
import { verdict } from './verdict.js';

const answers = ['log_prob', 'typicality', 'latent_norm', 'p_value', 'flagged', 'explanation', 'explanation_error'];
const likelyRows = 1e6; // that "another" can be
const rate = 0.01; // of usual rows, which a verdict flags

export async function open(root, _, signal) {
  const { models } = await get('api/v1/models', signal);
  const names = [...new Set(models.filter(({ damage }) => !damage).map(({ name }) => name))];
  put(root, h('div', { class: 'title' }, h('h1', {}, 'Try it'), h('span', { class: 'quiet' }, 'one row, and what a model says of it')));
  if (names.length === 0) return void put(root, h('p', { class: 'empty' }, 'No model yet; a run that finishes makes one.'));

  let model = null;
  const ask = values => look({ model: model.name, row: rowText(values, model) }, { replace: true });
  const another = latest(over => draw(Math.floor(Math.random() * likelyRows), over), signal);
  const choice = h('select', { 'aria-label': 'Model', onchange: () => look({ model: choice.value, version: null, row: null }) }, names.map(name => h('option', {}, name)));
  const [form, place, answer] = [rowForm({ onChange: ask, onDraw: another }), rowPlace({ onPick: ask }, signal), h('div', { class: 'stack' })];
  put(root, h('div', { class: 'columns asking' }, h('div', { class: 'stack' }, card('A row', { aside: choice }, form.element), place.element), answer));

  const changed = latest(async ({ query }, over) => {
    if (!isAsked(query, model, names[0])) model = await get(path`api/v1/models/${query.get('model') ?? names[0]}${words({ version: query.get('version') })}`, over);
    choice.value = model.name;
    const values = rowOf(query.get('row'), model);
    if (values === null) return draw(0, over); // a likely row to begin with
    form.update(model, values);
    place.update(model, values);
    return show(answer, ...await judged(model, values, over));
  }, signal);

  async function draw(seed, over) {
    const of = model;
    const [row] = await samples(of, 1, { seed, given: middle(of), signal: over });
    if (of === model) ask([...row, ...middle(of)]);
  }

  changed(route());
  return changed;
}

const isAsked = (query, model, first) => model?.name === (query.get('model') ?? first) && String(model.version) === (query.get('version') ?? String(model.version));

/** What the model says of a row, or why it does not. */
async function judged(model, values, signal) {
  const [x, context] = [values.slice(0, model.columns.length), values.slice(model.columns.length)];
  const inputs = [tensor('x', [1, x.length], x), ...context.length > 0 ? [tensor('context', [1, context.length], context)] : [], tensor('rate', [1], [rate])];
  try {
    const { outputs } = await send('POST', path`v2/models/${`${model.name}.detect`}/versions/${model.version}/infer`, { inputs, outputs: answers.map(name => ({ name })) }, signal);
    return verdict(model, values, rate, Object.fromEntries(outputs.map(({ name, data }) => [name, data])));
  } catch (error) {
    if (signal.aborted) throw error;
    return [failure(error)];
  }
}

const tensor = (name, shape, data) => ({ name, shape, datatype: 'FP64', data });
