// A line of figures with their names, which change in place.
import { h, show } from './dom.js';
import { none } from './format.js';

/** Figures by name, `[name, title]` each; `update({ name: text })` shows them. */
export function figures(names) {
  const values = new Map(names.map(([name]) => [name, h('dd', {}, none)]));
  const element = h('dl', { class: 'figures' }, names.map(([name, title]) => h('div', {}, h('dt', {}, title), values.get(name))));
  return {
    element,
    update: next => {
      for (const [name, text] of Object.entries(next)) show(values.get(name), text);
    },
  };
}
