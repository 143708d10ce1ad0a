// How fresh what is shown is, in words: a change of state is told to who hears the page, a countdown is not.
import { askForKey } from './credentials.js';
import { h, put, show } from './dom.js';
import { clock } from './format.js';

/** Shows the state of the stream in an element; returns what hears of it. */
export function statusLine(element) {
  const [state, doing, more] = [h('span', { role: 'status' }), h('span', { class: 'quiet' }), h('span')];
  put(element, h('i', { class: 'dot' }), state, doing, more);
  return status => {
    element.dataset.state = status.state === 'live' ? 'live' : status.heard ? 'stale' : 'away';
    element.title = status.state === 'live' ? '' : status.reason ?? '';
    show(state, status.state === 'live' ? 'live' : status.heard ? `stale since ${clock(status.heard)}` : status.reason && 'not connected');
    show(doing, whatItDoes(status));
    if (status.wantsKey !== more.hasChildNodes()) show(more, status.wantsKey && keyButton(status.reason));
  };
}

function whatItDoes({ state, wait }) {
  if (state === 'live') return '';
  return state === 'waiting' ? `reconnecting in ${wait} s` : state === 'silent' ? 'nothing is heard' : `${state}…`;
}

const keyButton = reason => h('button', { class: 'quiet', onclick: async () => await askForKey(reason, true) && location.reload() }, 'give a key'); // for the views that could not be shown
