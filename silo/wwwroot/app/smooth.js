// Smoothing that shows the trend of a curve, beside the curve itself.

/** An exponential mean without the pull of its beginning; a weight of 0 changes nothing, gaps stay gaps. */
export function smooth(values, weight) {
  if (weight <= 0) return values;
  let [mean, share] = [0, 1];
  return values.map(value => {
    if (!Number.isFinite(value)) return null;
    mean = weight * mean + (1 - weight) * value;
    share *= weight;
    return mean / (1 - share);
  });
}

/** Values at other places: between two by a straight line, outside nothing. */
export function resample(x, values, places) {
  let i = 0;
  return places.map(place => {
    while (i < x.length - 2 && x[i + 1] < place) i++;
    if (x.length < 2 || place < x[0] || place > x[i + 1]) return null;
    const [a, b] = [values[i], values[i + 1]];
    return Number.isFinite(a) && Number.isFinite(b) ? a + (b - a) * (place - x[i]) / (x[i + 1] - x[i]) : null;
  });
}

/** Each value at the nearest of some places that are evenly apart, null at the other ones; `pick` chooses among those that come to one. */
export function placed(x, values, places, pick) {
  const found = places.map(() => null);
  const step = (places.at(-1) - places[0]) / (places.length - 1);
  for (const [i, value] of values.entries()) {
    const at = Math.round((x[i] - places[0]) / step);
    if (at >= 0 && at < found.length && Number.isFinite(value)) found[at] = found[at] === null ? value : pick(found[at], value);
  }
  return found;
}

/** The least (`Math.min`) or the greatest (`Math.max`) of the values around each place: a spike between two of them stays, and where there is none a straight line leads from one to the next. */
export function extremes(x, values, places, pick) {
  const between = resample(x, values, places);
  return placed(x, values, places, pick).map((value, i) => value ?? between[i]);
}
