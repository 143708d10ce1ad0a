// The tabs of a subject: each is a view of its own, with an address of its own.
import { h, show } from './dom.js';
import { failure } from './notice.js';
import { link } from './router.js';

/**
 * Shows the tab that the address names, the first one where it names none.
 * @param tabs `{ name, title, open(root, route, signal) }`; `open` may return what hears of changes in how the tab is looked at.
 * @returns what hears of changes of the address.
 */
export function tabbed(root, subject, tabs, signal) {
  const bar = h('nav', { class: 'tabs', 'aria-label': 'Parts' });
  const body = h('div', { class: 'tab' });
  root.append(bar, body);
  let [shown, changed, closing] = [null, null, null];

  return async function follow(route) {
    const tab = tabs.find(({ name }) => name === route.path[2]) ?? tabs[0];
    const { version, given, cx, cy } = Object.fromEntries(route.query); // what other tabs can be looked at with too
    show(bar, ...tabs.map(({ name, title }) => h('a', { href: link([...subject, ...name === tabs[0].name ? [] : [name]], { version, given, cx, cy }), 'aria-current': name === tab.name && 'page' }, title)));
    if (tab === shown) return changed?.(route);
    closing?.abort();
    closing = new AbortController();
    signal.addEventListener('abort', () => closing.abort());
    [shown, changed] = [tab, null];
    body.replaceChildren();
    const { signal: over } = closing;
    try {
      const hears = await tab.open(body, route, over);
      if (!over.aborted) changed = hears;
    } catch (error) {
      if (!over.aborted) body.replaceChildren(failure(error));
    }
  };
}
