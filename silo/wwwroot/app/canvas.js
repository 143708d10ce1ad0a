// Canvases as sharp as the screen.
import { h } from './dom.js';

/** A canvas of a size in CSS pixels. */
export function canvas(width, height, properties) {
  const element = h('canvas', properties);
  resize(element, width, height);
  return element;
}

/** Gives it a size in CSS pixels, and clears it. */
export function resize(element, width, height) {
  element.width = Math.round(width * devicePixelRatio);
  element.height = Math.round(height * devicePixelRatio);
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

/** What draws on it, in CSS pixels. */
export function pen(element) {
  const context = element.getContext('2d');
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, element.width, element.height);
  return context;
}
