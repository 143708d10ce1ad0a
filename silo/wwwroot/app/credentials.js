// The key that the API wants, asked for once and kept until the window closes.
import { h } from './dom.js';
import { keeper } from './keep.js';

const kept = keeper('sessionStorage', 'flowgrain-key');
let [asking, isDeclined] = [null, false];

export const key = kept.get;

/** Forgets a key that was refused, unless another has taken its place meanwhile. */
export function forget(refused) {
  if (key() === refused) kept.set(null);
}

/** Whether a key was given. Those who ask at once wait for one answer, and who declined is not asked again but when it `isWished`. */
export async function askForKey(sentence, isWished = false) {
  if (key()) return true;
  if (isDeclined && !isWished) return false;
  asking ??= dialog(sentence).finally(() => { asking = null; });
  isDeclined = !await asking;
  return !isDeclined;
}

function dialog(sentence) {
  return new Promise(answered => {
    const input = h('input', { type: 'password', id: 'key', autocomplete: 'off', required: true });
    const box = h('dialog', { class: 'dialog', 'aria-labelledby': 'key-title', onclose: () => close() },
      h('form', { method: 'dialog', onsubmit: () => kept.set(input.value.trim()) },
        h('h2', { id: 'key-title' }, 'This cluster wants a key'),
        h('p', {}, sentence),
        h('label', { for: 'key' }, 'Key'), input,
        h('p', { class: 'quiet' }, 'It is kept until this window is closed.'),
        h('div', { class: 'actions' }, h('button', { type: 'button', onclick: () => box.close() }, 'Not now'), h('button', { class: 'primary' }, 'Use it'))));
    const close = () => {
      box.remove();
      answered(key() !== null);
    };
    document.body.append(box);
    box.showModal();
  });
}
