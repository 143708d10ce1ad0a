// Tables behind pictures: what a picture shows, in numbers, on request.
import { h, show } from './dom.js';

const least = 160; // pixels that a table is high
const open = new Set(); // labels of the pictures whose tables are looked at: one that is drawn anew has its table still

/**
 * A button that puts a table in the place of a picture, and back; `refresh()` tells that the picture has changed.
 * @param build gives the table, when it is looked at; `onBack` hears that the picture is looked at again.
 */
export function tableBehind(picture, label, build, onBack) {
  const behind = h('div', { class: 'behind', tabindex: 0, role: 'region', 'aria-label': `${label}, in numbers`, hidden: true });
  const toggle = h('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', onclick: () => turn(behind.hidden) }, 'table');

  function turn(isOpen) {
    if (picture.clientHeight > 0) behind.style.height = `${Math.max(least, picture.clientHeight)}px`;
    [picture.hidden, behind.hidden] = [isOpen, !isOpen];
    toggle.setAttribute('aria-pressed', String(isOpen));
    open[isOpen ? 'add' : 'delete'](label);
    if (isOpen) refresh();
    else onBack?.();
  }

  function refresh() {
    if (!behind.hidden) show(behind, build());
  }

  if (open.has(label)) turn(true);
  return { toggle, behind, refresh };
}

/** A table of texts under names; the first `words` of its columns are no numbers. */
export function textTable(label, names, rows, words = 0) {
  const kind = i => i >= words && 'number';
  return h('table', { 'aria-label': label },
    h('thead', {}, h('tr', {}, names.map((name, i) => h('th', { scope: 'col', class: kind(i) }, name)))),
    h('tbody', {}, rows.map(row => h('tr', {}, row.map((text, i) => h('td', { class: kind(i) }, text))))));
}
