// How fresh what is shown is, in words.
import { askForKey } from './credentials.js';
import { h, show } from './dom.js';
import { clock } from './format.js';

/** Shows the state of the stream. */
export function statusText(element, { state, heard, wait, reason, wantsKey }) {
  element.dataset.state = state === 'live' ? 'live' : heard ? 'stale' : 'away';
  element.title = state === 'live' ? '' : reason ?? '';
  const giveKey = async () => await askForKey(reason, true) && location.reload(); // for the views that could not be shown
  show(element, h('i', { class: 'dot' }), words(state, heard, wait), wantsKey && h('button', { class: 'quiet', onclick: giveKey }, 'give a key'));
}

function words(state, heard, wait) {
  if (state === 'live') return 'live';
  const doing = state === 'waiting' ? `reconnecting in ${wait} s` : state === 'silent' ? 'nothing is heard' : `${state}…`;
  return heard ? [`stale since ${clock(heard)}`, h('span', { class: 'quiet' }, doing)] : doing;
}
