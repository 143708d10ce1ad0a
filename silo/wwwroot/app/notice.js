// Sentences that must be seen: what went wrong, until somebody closes it.
import { h } from './dom.js';

const place = h('div', { class: 'notices', role: 'alert' });

/** Shows a sentence at the foot of the page. */
export function notify(sentence) {
  if (!place.isConnected) document.body.append(place);
  const notice = h('div', { class: 'notice' }, h('p', {}, sentence), h('button', { class: 'icon', 'aria-label': 'Close', onclick: () => notice.remove() }, '×'));
  place.append(notice);
}

/** A sentence in the place of what could not be shown. */
export const failure = error => h('p', { class: 'failure', role: 'alert' }, error.message);

/** Does something that may fail, and shows the sentence where it does, unless a signal has ended it. */
export async function attempt(work, signal) {
  try {
    return await work();
  } catch (error) {
    if (error.name !== 'AbortError' && !signal?.aborted) notify(error.message);
    return undefined;
  }
}
