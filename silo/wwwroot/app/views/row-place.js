// Where a row lies: the density of a model of two columns, with a ring on it.
import { axisOf } from '../axes.js';
import { card } from '../card.js';
import { grid, isExact } from '../density.js';
import { h, show } from '../dom.js';
import { frame } from '../frame.js';
import { latest } from '../latest.js';

const cells = 128; // a side

/** Its place; `update(model, values)` shows a row, and `onPick(values)` hears of another that was clicked. Nothing of models of other columns. */
export function rowPlace({ onPick }, signal) {
  const element = h('div');
  let [picture, shown, given] = [null, null, []];

  const paint = latest(async (model, over) => {
    picture = null;
    show(element);
    if (!isExact(model)) return;
    const [x, y] = model.columns.map(name => axisOf(model, name));
    picture = frame(x, y, { label: `The density of ${y.name} by ${x.name}`, onPick: (a, b) => onPick([a, b, ...given]) });
    show(element, card('Where it lies', { note: 'click to ask about another place', aside: picture.toggle }, picture.element));
    picture.heat(await grid(model, x, y, cells, given, { signal: over }));
  }, signal);

  return {
    element,
    update: (model, values) => {
      given = values.slice(model.columns.length);
      const wanted = `${model.name}@${model.version} ${given}`;
      if (shown !== wanted) paint(model);
      shown = wanted;
      picture?.mark(values[0], values[1]);
    },
  };
}
