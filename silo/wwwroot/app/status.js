// How fresh what is shown is, in words.
import { show, h } from './dom.js';
import { clock } from './format.js';

/** Shows the state of the stream. */
export function statusText(element, { state, heard, wait, reason }) {
  element.dataset.state = state === 'live' ? 'live' : heard ? 'stale' : 'away';
  element.title = state === 'live' ? '' : reason ?? '';
  show(element, h('i', { class: 'dot' }), ...words(state, heard, wait));
}

function words(state, heard, wait) {
  if (state === 'live') return ['live'];
  const doing = state === 'waiting' ? `reconnecting in ${wait} s` : `${state}…`;
  return heard ? [`stale since ${clock(heard)}`, h('span', { class: 'quiet' }, doing)] : [doing];
}
