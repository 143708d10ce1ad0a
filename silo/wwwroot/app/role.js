// What the person may do. The API decides; this spares those who may look alone buttons that would be refused.
import { get } from './api.js';
import { key } from './credentials.js';
import { h } from './dom.js';

let [asked, answer] = [null, null]; // the key that was asked about, and what came of it

/** Whether the person may change things, as far as is known. */
export async function mayChange() {
  if (asked !== key() || answer === null) [asked, answer] = [key(), get('api/v1/')];
  try {
    return (await answer).role !== 'viewer';
  } catch {
    answer = null;
    return true; // the view that asks says what is wrong
  }
}

/** What stands in the place of buttons. */
export const lookOnly = () => h('span', { class: 'quiet' }, 'Your key may look and not change.');
