// Round numbers along an axis.

/** A few of them between two ends. */
export function ticks(low, high, most = 6) {
  const least = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map(times => times * power).find(size => size >= least) ?? least;
  const found = [];
  for (let number = Math.ceil(low / step); number * step <= high; number++) found.push(Number((number * step).toPrecision(12)));
  return found;
}
