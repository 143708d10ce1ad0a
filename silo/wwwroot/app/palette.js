// A run has one colour everywhere, for everybody: Okabe–Ito, told apart with any colour vision; runs of one colour that are shown together differ in their dashes.
const colors = 5; // --series-0 and so on; the style sheet has them for dark and light
const dashes = [[], [6, 3], [2, 3], [9, 3, 2, 3]];

/** The style sheet's name for the colour of a name, which comes from the name alone: who is sent a link sees the same. */
export const tokenOf = name => `series-${hash(name) % colors}`;

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

/** FNV-1a, 32 bits. */
const hash = text => [...text].reduce((sum, letter) => Math.imul(sum ^ letter.codePointAt(0), 0x01000193) >>> 0, 0x811c9dc5);
