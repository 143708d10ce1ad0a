// The first steps of a curve: a loss falls so far in them that they would flatten all that follows.
const share = 0.05; // of the way
const fewest = 40; // points; of fewer, none is left out

/** The index of the first point of `x` that is no longer the beginning. */
export function endOfBeginning(x) {
  if (x.length < fewest) return 0;
  const end = x[0] + share * (x.at(-1) - x[0]);
  return x.findIndex(place => place >= end);
}
