// Likelihoods beside each other, as bars from the best to the worst of them.
import { h } from './dom.js';
import { isNumber, nats } from './format.js';

/** Bars of `[name, nats]`: the shorter, the better. */
export function likelihoods(pairs) {
  const known = pairs.filter(([, value]) => isNumber(value));
  const [low, high] = [Math.min(...known.map(([, value]) => value)), Math.max(...known.map(([, value]) => value))];
  const length = value => 8 + 92 * (value - low) / (high - low || 1); // per cent; the best one is seen too
  return h('div', { class: 'likelihoods' }, known.map(([name, value], i) => [
    h('span', {}, name), h('span', { class: 'track' }, h('i', { class: i === known.length - 1 ? 'other' : null, style: { width: `${length(value)}%` } })), h('b', { class: 'number' }, nats(value))]));
}
