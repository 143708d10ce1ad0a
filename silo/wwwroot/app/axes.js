// The stretch of a column that a picture shows, and its values in words.
import { dateText } from './dates.js';
import { isNumber, within } from './format.js';

const margin = 0.08; // the ranges of a model end at its 0.1% quantiles; a picture should show where the density fades
const fewDays = 60; // of an axis of dates; on a shorter one the time of day is told too

/** The axis of a modelled column: `{ name, low, high, levels, isDate }`; that of an angle is its turn, beyond which nothing lies. */
export function axisOf(model, name) {
  const { low, high, levels, isDate } = extentOf(model, name);
  const air = levels ? 0.5 : model.angles?.includes(name) ? 0 : margin * (high > low ? high - low : 1);
  return levels ? { name, low: -air, high: levels.length - 1 + air, levels } : { name, low: low - air, high: high + air, levels, isDate };
}

/** The same without any air, of a column that the model is conditioned on too. */
export function extentOf({ columns, context, ranges, contextRanges, levels, dates }, name) {
  const at = columns.indexOf(name);
  return { name, ...at >= 0 ? ranges[at] : contextRanges[context.indexOf(name)], levels: levels?.[name] ?? null, isDate: !!dates?.includes(name) };
}

/** The axis of numbers, from the smallest to the largest of them that are no strays. */
export function axisAround(name, numbers, isDate = false) {
  const sorted = Float64Array.from(numbers.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return { name, low: 0, high: 1, levels: null, isDate };
  const [low, high] = [sorted[Math.floor(0.001 * (sorted.length - 1))], sorted[Math.ceil(0.999 * (sorted.length - 1))]];
  const air = margin * (high > low ? high - low : 1);
  return { name, low: low - air, high: high + air, levels: null, isDate };
}

/** A value as people read it on an axis: a level, a date, or the digits that tell it from others. */
export function valueText({ levels, isDate, low, high }, value) {
  if (levels) return levels[Math.round(value)] ?? '';
  return isDate && isNumber(value) ? dateText(value, high - low < fewDays) : within(value, high - low);
}

/** The middles of so many cells. */
export const centers = ({ low, high }, cells) => Float64Array.from({ length: cells }, (_, i) => low + (i + 0.5) * (high - low) / cells);

/** The cell that holds a value; outside, one that is not there. */
export const cell = ({ low, high }, value, cells) => Math.floor((value - low) / (high - low) * cells);
