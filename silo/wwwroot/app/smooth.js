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
