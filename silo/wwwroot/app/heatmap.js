// Densities as pictures: each cell of a grid is a pixel in viridis.
import { viridis } from './viridis.js';

const topShare = 0.998; // a few needle-sharp cells must not darken the rest
const span = 9; // nats from brightest to darkest: a factor of 8,000 in density

/** From log-densities to what is drawn brightest and darkest. */
export function shades(values) {
  const finite = values.filter(Number.isFinite).sort();
  const top = finite.length === 0 ? 0 : finite[Math.floor(topShare * (finite.length - 1))];
  return { floor: top - span, top };
}

/** Paints a grid `{ values, width, height }`, the lowest `y` first, onto a canvas that is stretched without blur. */
export function paint(canvas, { values, width, height }, { floor, top } = shades(values)) {
  const image = new ImageData(width, height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const value = values[(height - 1 - row) * width + column];
      const brightness = value > floor ? Math.min(255, Math.round(255 * (value - floor) / (top - floor))) : 0; // not for NaN
      const to = 4 * (row * width + column);
      image.data.set([viridis[3 * brightness], viridis[3 * brightness + 1], viridis[3 * brightness + 2], 255], to);
    }
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d').putImageData(image, 0, 0);
}
