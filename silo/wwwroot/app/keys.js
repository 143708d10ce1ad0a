// The keyboard: letters go places, unless something is being typed.
import { h } from './dom.js';

const bindings = new Map(); // key -> { does, meaning }

/** Binds a key, until the signal. */
export function bind(key, meaning, does, signal) {
  bindings.set(key, { meaning, does });
  signal?.addEventListener('abort', () => bindings.delete(key));
}

/** Opens the list of keys, or closes it. */
export function help() {
  const open = document.querySelector('dialog.keys');
  if (open) return open.close();
  const box = h('dialog', { class: 'dialog keys', 'aria-labelledby': 'keys-title', onclose: () => box.remove() },
    h('h2', { id: 'keys-title' }, 'Keys'),
    h('dl', {}, [...bindings].map(([key, { meaning }]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, meaning)]), h('dt', {}, h('kbd', {}, 'Esc')), h('dd', {}, 'close, leave a field, clear what is selected')),
    h('form', { method: 'dialog', class: 'actions' }, h('button', {}, 'Close')));
  document.body.append(box);
  box.showModal();
}

addEventListener('keydown', event => {
  if (event.key === 'Escape' && isTyping(event.target)) return event.target.blur();
  const isElsewhere = isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey;
  if (isElsewhere || (document.querySelector('dialog[open]') && event.key !== '?')) return;
  const found = bindings.get(event.key);
  if (!found) return;
  event.preventDefault(); // the letter is not typed into the field that it leads to
  found.does();
});

const isTyping = target => target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]');
