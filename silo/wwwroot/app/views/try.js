// Asks a model about one row: how likely it is, how unusual, and which of its columns are why.
import { get, path, query as words, send } from '../api.js';
import { axisOf } from '../axes.js';
import { card } from '../card.js';
import { middle, samples } from '../density.js';
import { h, show } from '../dom.js';
import { within } from '../format.js';
import { attempt, failure } from '../notice.js';
import { link, look, route } from '../router.js';
import { verdict } from './verdict.js';

export async function open(root, at, signal) {
  const { models } = await get('api/v1/models', signal);
  const usable = models.filter(({ damage }) => !damage);
  root.append(h('div', { class: 'title' }, h('h1', {}, 'Try it'), h('span', { class: 'quiet' }, 'one row, and what a model says of it')));
  if (usable.length === 0) return void root.append(h('p', { class: 'empty' }, 'No model yet; a run that finishes makes one.'));

  const choice = h('select', { id: 'model', onchange: () => look({ model: choice.value, version: null, row: null }) }, [...new Set(usable.map(({ name }) => name))].map(name => h('option', {}, name)));
  const [form, answer] = [h('form', { class: 'row-form', onsubmit: event => event.preventDefault() }), h('div', { class: 'stack' })];
  root.append(h('div', { class: 'columns asking' }, card('A row', { aside: choice }, form), answer));
  let [model, values, asking] = [null, [], null];

  async function changed({ query }) {
    const name = query.get('model') ?? usable[0].name;
    if (model?.name !== name || String(model.version) !== (query.get('version') ?? String(model.version))) {
      model = await get(path`api/v1/models/${name}${words({ version: query.get('version') })}`, signal);
      choice.value = name;
    }
    const said = (query.get('row') ?? '').split(',').filter(part => part !== '').map(Number);
    values = said.length === width() ? said : said.length === model.columns.length ? [...said, ...middle(model)] : null;
    if (values === null) return draw(0); // a likely row to begin with
    fill();
    await judge();
  }

  const width = () => model.columns.length + model.context.length;

  async function draw(seed) {
    const [row] = await samples(model, 1, { seed, given: middle(model), signal });
    look({ row: [...row, ...middle(model)].map(value => Number(value.toPrecision(6))).join() }, { replace: true });
  }

  function fill() {
    if (form.dataset.model !== `${model.name}@${model.version}`) {
      form.dataset.model = `${model.name}@${model.version}`;
      show(form, [...model.columns, ...model.context].map((name, i) => field(model, name, i, change)), h('div', { class: 'controls' },
        h('button', { type: 'button', onclick: () => attempt(() => draw(Math.floor(Math.random() * 1e6))) }, 'Another likely row')),
      h('p', { class: 'quiet' }, h('a', { href: link(['models', model.name], { version: model.version }) }, `${model.name}@${model.version}`), ` ${model.preset}; it answers as you type.`));
    }
    [...form.querySelectorAll('[data-column]')].forEach((input, i) => { if (document.activeElement !== input) input.value = values[i]; });
  }

  function change() {
    const typed = [...form.querySelectorAll('input[type=text], select')].map(input => input.value.trim());
    if (typed.every(value => value !== '' && Number.isFinite(Number(value)))) look({ model: model.name, row: typed.join() }, { replace: true });
  }

  async function judge() {
    asking?.abort();
    asking = new AbortController();
    const inputs = [tensor('x', values.slice(0, model.columns.length)), ...model.context.length > 0 ? [tensor('context', values.slice(model.columns.length))] : []];
    const wanted = ['log_prob', 'typicality', 'latent_norm', 'p_value', 'flagged', 'explanation', 'explanation_error'].map(name => ({ name }));
    const place = path`v2/models/${`${model.name}.detect`}/versions/${model.version}/infer`;
    try {
      const { outputs } = await send('POST', place, { inputs, outputs: wanted }, AbortSignal.any([signal, asking.signal]));
      show(answer, ...verdict(model, values, Object.fromEntries(outputs.map(({ name, data }) => [name, data]))));
    } catch (error) {
      if (error.name !== 'AbortError') show(answer, failure(error));
    }
  }

  const follow = now => attempt(() => changed(now));
  follow(route());
  return follow;
}

const tensor = (name, data) => ({ name, shape: [1, data.length], datatype: 'FP64', data });

function field(model, name, index, change) {
  const levels = model.levels?.[name];
  const id = `value-${index}`;
  if (levels) return h('div', { class: 'field' }, h('label', { for: id }, name), h('select', { id, 'data-column': name, onchange: change }, levels.map((level, i) => h('option', { value: i }, level))), h('span'));
  const { low, high } = index < model.columns.length ? axisOf(model, name) : model.contextRanges[index - model.columns.length];
  const input = h('input', { type: 'text', inputmode: 'decimal', id, 'data-column': name, oninput: () => { slider.value = input.value; change(); } });
  const slider = h('input', { type: 'range', min: low, max: high, step: 'any', 'data-slider': name, 'aria-label': `${name}, by sliding`, oninput: () => { input.value = Number(Number(slider.value).toPrecision(5)); change(); } });
  return h('div', { class: 'field' }, h('label', { for: id }, name, index >= model.columns.length && h('span', { class: 'quiet' }, ' given')), input, slider, h('span', { class: 'quiet extent' }, `${within(low, high - low)} to ${within(high, high - low)}`));
}
