// Likelihoods beside each other, with bars of what the flow gains over a Gaussian, from zero.
import { h } from './dom.js';
import { isNumber, nats } from './format.js';

/** What stands beside the title of such a panel. */
export const likelihoodNote = 'nats per row, lower is better; bars are the gain over the Gaussian';

/** Rows of a run or model. */
export function likelihoods({ trainNll, validationNll, gaussianNll }) {
  const pairs = [['flow, training rows', trainNll], ['flow, validation rows', validationNll], ['Gaussian, validation rows', gaussianNll]].filter(([, value]) => isNumber(value));
  const gains = pairs.map(([, value]) => isNumber(gaussianNll) ? gaussianNll - value : 0);
  const [low, high] = [Math.min(0, ...gains), Math.max(0, ...gains)];
  const share = length => `${100 * length / (high - low || 1)}%`;
  const bar = gain => h('i', { class: gain < 0 ? 'worse' : null, style: { 'margin-left': share(Math.min(0, gain) - low), width: share(Math.abs(gain)) } });
  return h('div', { class: 'likelihoods' }, pairs.map(([name, value], i) => [h('span', {}, name), h('span', { class: 'track' }, bar(gains[i])), h('b', { class: 'number' }, nats(value))]));
}
