// The stretch of a column that a picture shows.

const margin = 0.08; // the ranges of a model end at its 0.1% quantiles; a picture should show where the density fades

/** The axis of a modelled column: `{ name, low, high, levels }`. */
export function axisOf(model, name) {
  const { low, high } = model.ranges[model.columns.indexOf(name)];
  const levels = model.levels?.[name] ?? null;
  const air = levels ? 0.5 : margin * (high > low ? high - low : 1);
  return levels ? { name, low: -air, high: levels.length - 1 + air, levels } : { name, low: low - air, high: high + air, levels };
}

/** The axis of numbers, from the smallest to the largest of them that are no strays. */
export function axisAround(name, numbers) {
  const sorted = Float64Array.from(numbers.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return { name, low: 0, high: 1, levels: null };
  const [low, high] = [sorted[Math.floor(0.001 * (sorted.length - 1))], sorted[Math.ceil(0.999 * (sorted.length - 1))]];
  const air = margin * (high > low ? high - low : 1);
  return { name, low: low - air, high: high + air, levels: null };
}

/** The middles of so many cells. */
export const centers = ({ low, high }, cells) => Float64Array.from({ length: cells }, (_, i) => low + (i + 0.5) * (high - low) / cells);

/** The cell that holds a value; outside, one that is not there. */
export const cell = ({ low, high }, value, cells) => Math.floor((value - low) / (high - low) * cells);
