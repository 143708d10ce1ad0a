// Asks before something is changed.
import { h } from './dom.js';

/** Says what will happen and does it on request; a fault is shown in the same place, and may be tried again. Whether it was done. */
export function confirm({ title, sentence, verb, fields = [] }, work) {
  return new Promise(answered => {
    const fault = h('p', { class: 'failure', role: 'alert', hidden: true });
    const yes = h('button', { class: 'primary' }, verb);
    let isDone = false;
    const box = h('dialog', { class: 'dialog', 'aria-labelledby': 'confirm-title', onclose: () => { box.remove(); answered(isDone); } },
      h('form', { onsubmit: submit }, h('h2', { id: 'confirm-title' }, title), h('p', {}, sentence), fields, fault,
        h('div', { class: 'actions' }, h('button', { type: 'button', onclick: () => box.close() }, 'Leave it'), yes)));

    async function submit(event) {
      event.preventDefault();
      yes.disabled = true;
      try {
        await work(new FormData(event.target));
        isDone = true;
        box.close();
      } catch (error) {
        fault.textContent = error.message;
        fault.hidden = yes.disabled = false;
      }
    }

    document.body.append(box);
    box.showModal();
  });
}
