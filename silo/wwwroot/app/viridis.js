// The colours of density: viridis, even in brightness from dark to light, as 256 steps between anchors of the original table.
const anchors = '44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a3a538b38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac86465cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725';
const step = 5; // of the 256 between two anchors

/** Red, green, blue of each step, one after the other. */
export const viridis = Uint8Array.from({ length: 256 * 3 }, (_, i) => between(Math.floor(i / 3), i % 3));

/** The colour of a brightness between 0 and 1. */
export function shade(brightness) {
  const at = 3 * Math.round(255 * Math.min(1, Math.max(0, brightness)));
  return `rgb(${viridis[at]} ${viridis[at + 1]} ${viridis[at + 2]})`;
}

function between(index, channel) {
  const [before, share] = [Math.min(50, Math.floor(index / step)), index / step - Math.min(50, Math.floor(index / step))];
  return Math.round((1 - share) * byte(before, channel) + share * byte(before + 1, channel));
}

function byte(anchor, channel) {
  const at = 6 * anchor + 2 * channel;
  return parseInt(anchors.slice(at, at + 2), 16);
}
