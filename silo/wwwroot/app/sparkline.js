// A curve in the size of a word.
import { canvas, pen } from './canvas.js';
import { color, onTheme } from './theme.js';
import { whenVisible } from './visible.js';

const [width, height, margin] = [120, 24, 2];
const lowShare = 0.002, topShare = 0.97; // the fall of the first steps would flatten all that follows
const fewest = 40; // numbers; of fewer, none is cut off

/** A canvas that shows numbers, which it asks for when it is drawn: only while it is on the screen. */
export function sparkline({ token, label, numbers }, signal) {
  const element = canvas(width, height, { class: 'spark', role: 'img', 'aria-label': label });
  const redraw = whenVisible(element, () => draw(element, numbers(), color(token)));
  onTheme(redraw, signal);
  return { element, redraw };
}

/** The stretch that a curve is shown in. */
export function stretch(numbers) {
  const sorted = Float64Array.from(numbers.filter(Number.isFinite)).sort();
  if (sorted.length < fewest) return sorted.length === 0 ? null : [sorted[0], sorted.at(-1)];
  return [lowShare, topShare].map(share => sorted[Math.floor(share * (sorted.length - 1))]);
}

function draw(element, numbers, ink) {
  const context = pen(element);
  if (numbers.length < 2) return;
  const [low, high] = stretch(numbers);
  const x = i => margin + i / (numbers.length - 1) * (width - 2 * margin);
  const y = value => margin + (1 - Math.min(1, (value - low) / (high - low || 1))) * (height - 2 * margin);
  context.strokeStyle = context.fillStyle = ink;
  context.lineWidth = 1.25;
  context.lineJoin = 'round';
  context.beginPath();
  numbers.forEach((value, i) => context[i === 0 ? 'moveTo' : 'lineTo'](x(i), y(value)));
  context.stroke();
  context.beginPath();
  context.arc(x(numbers.length - 1), y(numbers.at(-1)), margin, 0, 2 * Math.PI);
  context.fill();
}
