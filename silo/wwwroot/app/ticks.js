// Marks along an axis.
import { valueText } from './axes.js';
import { dateMarks, datesBetween } from './dates.js';

/** A few of the axis of a column, `[value, text]` each. */
export function marksOf(axis, most) {
  if (axis.isDate) return pairs(datesBetween(axis.low, axis.high, most), dateMarks);
  const places = axis.levels ? axis.levels.map((_, i) => i) : ticks(axis.low, axis.high, most);
  return pairs(places, values => values.map(value => valueText(axis, value)));
}

const pairs = (values, texts) => texts(values).map((text, i) => [values[i], text]);

/** A few round numbers between two ends. */
function ticks(low, high, most = 6) {
  const least = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map(times => times * power).find(size => size >= least) ?? least;
  const found = [];
  for (let number = Math.ceil(low / step); number * step <= high; number++) found.push(Number((number * step).toPrecision(12)));
  return found;
}
