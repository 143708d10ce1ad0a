// Counts as bars beside each other.
import { svg } from './dom.js';

/** A picture that fills its place. */
export function bars(numbers, label) {
  const top = Math.max(...numbers, 1);
  return svg('svg', { class: 'bars', viewBox: `0 0 ${numbers.length} 1`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    Array.from(numbers, (value, i) => svg('rect', { x: i + 0.05, width: 0.9, y: 1 - value / top, height: value / top })));
}
