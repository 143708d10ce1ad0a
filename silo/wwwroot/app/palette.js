// A run has one colour everywhere and keeps it: Okabe–Ito, told apart with any colour vision; runs of one colour that are shown together differ in their dashes.
const place = 'flowgrain-colors';
const colors = 5; // --series-0 and so on; the style sheet has them for dark and light
const most = 1000; // names that are remembered
const dashes = [[], [6, 3], [2, 3], [9, 3, 2, 3]];
const given = new Map(JSON.parse(localStorage.getItem(place) ?? '[]'));

/** The style sheet's name for the colour of a name. Names get colours in turn, so that the runs of one time differ. */
export function tokenOf(name) {
  if (!given.has(name)) {
    given.set(name, given.size === 0 ? 0 : ([...given.values()].at(-1) + 1) % colors);
    localStorage.setItem(place, JSON.stringify([...given].slice(-most)));
  }
  return `series-${given.get(name)}`;
}

/** `{ token, dash }` of each of several names that are shown together, in their order. */
export function looksOf(names) {
  const used = new Map();
  return names.map(name => {
    const token = tokenOf(name);
    const before = used.get(token) ?? 0;
    used.set(token, before + 1);
    return { token, dash: dashes[before % dashes.length] };
  });
}
