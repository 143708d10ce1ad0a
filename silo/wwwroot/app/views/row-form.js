// A field for each number of a row.
import { extentOf, valueText } from '../axes.js';
import { dateText, daysOf } from '../dates.js';
import { h, show } from '../dom.js';
import { link } from '../router.js';
import { namesOf } from '../row.js';

const slid = 5; // digits of what a slider says

/** A form; `update(model, values)` shows a row, `onChange(values)` hears of another, `onDraw()` of the wish for one. */
export function rowForm({ onChange, onDraw }) {
  const element = h('form', { class: 'row-form', onsubmit: event => event.preventDefault() });
  let [shown, fields] = [null, []];

  function build(model) {
    shown = `${model.name}@${model.version}`;
    fields = namesOf(model).map((name, i) => field(extentOf(model, name), i, i >= model.columns.length, change));
    show(element, fields.map(part => part.element), h('div', { class: 'controls' }, h('button', { type: 'button', onclick: onDraw }, 'Another likely row')),
      h('p', { class: 'quiet' }, h('a', { href: link(['models', model.name], { version: model.version }) }, shown), ` ${model.preset}; it answers as you type.`));
  }

  function change() {
    const values = fields.map(({ value }) => value());
    if (values.every(Number.isFinite)) onChange(values);
  }

  return {
    element,
    update: (model, values) => {
      if (shown !== `${model.name}@${model.version}`) build(model);
      fields.forEach((part, i) => part.update(values[i]));
    },
  };
}

function field(extent, index, isGiven, change) {
  const id = `value-${index}`;
  const parts = extent.levels ? levelParts(extent, id, change) : numberParts(extent, id, change);
  return { ...parts, element: h('div', { class: 'field' }, h('label', { for: id }, extent.name, isGiven && h('span', { class: 'quiet' }, ' given')), parts.controls) };
}

function levelParts({ levels }, id, change) {
  const select = h('select', { id, onchange: change }, levels.map((level, i) => h('option', { value: i }, level)));
  return { controls: [select, h('span')], value: () => Number(select.value), update: value => { select.value = value; } };
}

/** A field to type in and a slider, which go together. */
function numberParts(extent, id, change) {
  const { name, low, high, isDate } = extent;
  const [text, number] = isDate ? [value => dateText(value, value % 1 !== 0), daysOf] : [String, typed => typed === '' ? NaN : Number(typed)];
  const value = () => number(input.value.trim());
  const input = h('input', { type: 'text', inputmode: isDate ? null : 'decimal', id, oninput: () => { slider.value = value(); change(); } });
  const slider = h('input', { type: 'range', min: low, max: high, step: 'any', 'aria-label': `${name}, by sliding`, oninput: () => { input.value = text(isDate ? Math.round(slider.value) : Number(Number(slider.value).toPrecision(slid))); change(); } });
  return {
    controls: [input, slider, h('span', { class: 'quiet extent' }, `${valueText(extent, low)} to ${valueText(extent, high)}`)],
    value,
    update: now => {
      if (document.activeElement !== input) input.value = text(now);
      if (document.activeElement !== slider) slider.value = now;
    },
  };
}
