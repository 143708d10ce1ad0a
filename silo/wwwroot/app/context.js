// Sliders for the columns that a model is conditioned on.
import { extentOf, valueText } from './axes.js';
import { h } from './dom.js';
import { look, route } from './router.js';

/** The values that the address gives, else those in the middle. */
export function givenBy(query, model, middle) {
  const named = (query.get('given') ?? '').split(',').map(Number);
  return named.length === model.context.length && named.every(Number.isFinite) && query.get('given') ? named : middle;
}

/** A control for each of them; a change goes to the address. */
export function contextControls(model, given) {
  return model.context.map((name, i) => {
    const extent = extentOf(model, name);
    const { low, high, levels } = extent;
    const value = h('b', { class: 'number' }, valueText(extent, given[i]));
    const input = levels
      ? h('select', { id: `given-${i}`, onchange: change }, levels.map((level, at) => h('option', { value: at, selected: at === given[i] }, level)))
      : h('input', { type: 'range', id: `given-${i}`, min: low, max: high, step: (high - low) / 200, value: given[i], oninput: change });

    function change() {
      value.textContent = valueText(extent, Number(input.value));
      const now = (route().query.get('given') ?? given.join()).split(',');
      look({ given: now.map((old, at) => at === i ? Number(Number(input.value).toPrecision(6)) : old).join() }, { replace: true });
    }

    return h('div', { class: 'control' }, h('label', { for: `given-${i}` }, `given ${name}`), input, !levels && value);
  });
}
