// Asks a model about one row: how likely it is, how unusual, and which of its columns are why.
import { get, path, query as words, send } from '../api.js';
import { axisOf } from '../axes.js';
import { card } from '../card.js';
import { grid, isExact, middle, samples } from '../density.js';
import { h, put, show } from '../dom.js';
import { within } from '../format.js';
import { frame } from '../frame.js';
import { attempt, failure } from '../notice.js';
import { link, look, route } from '../router.js';
import { verdict } from './verdict.js';

const cells = 128; // a side of the picture

export async function open(root, at, signal) {
  const { models } = await get('api/v1/models', signal);
  const usable = models.filter(({ damage }) => !damage);
  put(root, h('div', { class: 'title' }, h('h1', {}, 'Try it'), h('span', { class: 'quiet' }, 'one row, and what a model says of it')));
  if (usable.length === 0) return void put(root, h('p', { class: 'empty' }, 'No model yet; a run that finishes makes one.'));

  const choice = h('select', { 'aria-label': 'Model', onchange: () => look({ model: choice.value, version: null, row: null }) }, [...new Set(usable.map(({ name }) => name))].map(name => h('option', {}, name)));
  const [place, form, answer] = [h('div'), h('form', { class: 'row-form', onsubmit: event => event.preventDefault() }), h('div', { class: 'stack' })];
  put(root, h('div', { class: 'columns asking' }, h('div', { class: 'stack' }, card('A row', { aside: choice }, form), place), answer));
  let [model, values, asking, picture] = [null, [], null, null];

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
      attempt(() => paint());
      show(form, [...model.columns, ...model.context].map((name, i) => field(model, name, i, change)), h('div', { class: 'controls' },
        h('button', { type: 'button', onclick: () => attempt(() => draw(Math.floor(Math.random() * 1e6))) }, 'Another likely row')),
      h('p', { class: 'quiet' }, h('a', { href: link(['models', model.name], { version: model.version }) }, `${model.name}@${model.version}`), ` ${model.preset}; it answers as you type.`));
    }
    for (const control of form.querySelectorAll('[data-column]')) if (document.activeElement !== control) control.value = values[control.dataset.column];
    picture?.mark(values[0], values[1]);
  }

  /** A model of two columns is shown with the row on it; a click asks about another. */
  async function paint() {
    picture = null;
    show(place);
    if (!isExact(model)) return;
    const [x, y] = model.columns.map(name => axisOf(model, name));
    picture = frame(x, y, { label: `The density of ${y.name} by ${x.name}`, onPick: (a, b) => look({ row: [a, b, ...values.slice(2)].map(value => Number(value.toPrecision(6))).join() }, { replace: true }) });
    show(place, card('Where it lies', { note: 'click to ask about another place' }, picture.element));
    picture.mark(values[0], values[1]);
    picture.heat(await grid(model, x, y, cells, values.slice(2), signal));
  }

  function change() {
    const typed = [...form.querySelectorAll('[data-typed]')].map(input => input.value.trim());
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
  if (levels) return h('div', { class: 'field' }, h('label', { for: id }, name), h('select', { id, 'data-column': index, 'data-typed': true, onchange: change }, levels.map((level, i) => h('option', { value: i }, level))), h('span'));
  const { low, high } = index < model.columns.length ? axisOf(model, name) : model.contextRanges[index - model.columns.length];
  const input = h('input', { type: 'text', inputmode: 'decimal', id, 'data-column': index, 'data-typed': true, oninput: () => { slider.value = input.value; change(); } });
  const slider = h('input', { type: 'range', min: low, max: high, step: 'any', 'data-column': index, 'aria-label': `${name}, by sliding`, oninput: () => { input.value = Number(Number(slider.value).toPrecision(5)); change(); } });
  return h('div', { class: 'field' }, h('label', { for: id }, name, index >= model.columns.length && h('span', { class: 'quiet' }, ' given')), input, slider, h('span', { class: 'quiet extent' }, `${within(low, high - low)} to ${within(high, high - low)}`));
}
