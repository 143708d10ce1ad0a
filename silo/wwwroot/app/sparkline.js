// A curve in the size of a word.
import { endOfBeginning } from './beginning.js';
import { canvas, pen } from './canvas.js';
import { color, onTheme } from './theme.js';
import { whenVisible } from './visible.js';

const [width, height, margin] = [120, 24, 2];

/** A canvas that shows points, `[x, y]` each, which it asks for when it is drawn: only while it is on the screen. */
export function sparkline({ token, label, points }, signal) {
  const element = canvas(width, height, { class: 'spark', role: 'img', 'aria-label': label });
  const redraw = whenVisible(element, () => draw(element, points(), color(token)));
  onTheme(redraw, signal);
  return { element, redraw };
}

function draw(element, points, ink) {
  const context = pen(element);
  if (points.length < 2) return;
  const places = points.map(([place]) => place);
  const numbers = points.map(([, value]) => value);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers.slice(endOfBeginning(places)))]; // the first steps go over the edge
  const x = place => margin + (place - places[0]) / (places.at(-1) - places[0] || 1) * (width - 2 * margin);
  const y = value => margin + (1 - Math.min(1, (value - low) / (high - low || 1))) * (height - 2 * margin);
  context.strokeStyle = context.fillStyle = ink;
  context.lineWidth = 1.25;
  context.lineJoin = 'round';
  context.beginPath();
  points.forEach(([place, value], i) => context[i === 0 ? 'moveTo' : 'lineTo'](x(place), y(value)));
  context.stroke();
  context.beginPath();
  context.arc(x(places.at(-1)), y(numbers.at(-1)), margin, 0, 2 * Math.PI);
  context.fill();
}
