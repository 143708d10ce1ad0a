// The tabs of a subject: each is a view of its own, with an address of its own.
import { h, show } from './dom.js';
import { link } from './router.js';
import { stage } from './stage.js';

/**
 * Shows the tab that the address names, the first one where it names none.
 * @param tabs `{ name, title, load, more }`; the module that `load` gives has `open(root, route, signal, ...more)`, which may return what hears of changes in how the tab is looked at.
 * @returns what hears of changes of the address.
 */
export function tabbed(root, subject, tabs, signal) {
  const bar = h('nav', { class: 'tabs', 'aria-label': 'Parts' });
  const body = h('div', { class: 'tab' });
  root.append(bar, body);
  const open = stage(body, signal);

  return function follow(route) {
    const tab = tabs.find(({ name }) => name === route.path[2]) ?? tabs[0];
    const query = Object.fromEntries(route.query); // how one tab is looked at is kept while another is
    const hadFocus = bar.contains(document.activeElement);
    show(bar, ...tabs.map(({ name, title }) => h('a', { href: link([...subject, ...name === tabs[0].name ? [] : [name]], query), 'aria-current': name === tab.name && 'page' }, title)));
    if (hadFocus) bar.querySelector('[aria-current]').focus(); // who goes along the tabs by keys stays there
    return open(tab, route, async over => {
      const part = await tab.load();
      if (over.aborted) return null;
      body.replaceChildren();
      return part.open(body, route, over, ...tab.more ?? []);
    });
  };
}
