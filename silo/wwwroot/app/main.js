// The page: a bar with its views, the state of the connection, and the view that the address names.
import { get } from './api.js';
import { h, show } from './dom.js';
import { bind, help } from './keys.js';
import { record } from './leases.js';
import { listen, on } from './live.js';
import { guardedLink } from './orleans.js';
import { follow, go, link, route } from './router.js';
import { recordServing } from './serving.js';
import { stage } from './stage.js';
import { statusLine } from './status.js';
import { apply, themeButton } from './theme.js';

const views = [
  { name: 'cluster', title: 'Cluster', key: 'c', load: () => import('./views/cluster.js') },
  { name: 'runs', title: 'Runs', key: 'r', load: () => import('./views/runs.js'), loadOne: () => import('./views/run.js') },
  { name: 'models', title: 'Models', key: 'm', load: () => import('./views/models.js'), loadOne: () => import('./views/model.js') },
  { name: 'data', title: 'Data', key: 'd', load: () => import('./views/datasets.js'), loadOne: () => import('./views/dataset.js') },
  { name: 'try', title: 'Try it', key: 't', load: () => import('./views/try.js') },
];

const root = document.getElementById('view');
const opened = stage(root);
let opening = null;

/** Shows what the address names: another view is opened, the same one hears what has changed. */
function open(at) {
  const view = views.find(({ name }) => name === at.path[0]) ?? views[0];
  const subject = view.loadOne && at.path[1];
  const place = JSON.stringify([view.name, subject, subject && at.query.get('version')]); // another version is another subject
  return opened(place, at, async signal => {
    mark(view, subject);
    const { open: begin } = await (subject ? view.loadOne : view.load)();
    if (signal.aborted) return null;
    const isFirst = !root.className;
    root.replaceChildren();
    root.className = `view ${view.name}`;
    scrollTo(0, 0);
    const changed = await begin(root, at, signal);
    if (!isFirst && !signal.aborted) focus(root.querySelector('h1'));
    return changed;
  });
}

/** Goes on from the beginning of a view, as on a page of its own, unless the person is in the midst of something already. */
function focus(heading) {
  if (!heading || root.contains(document.activeElement) || document.querySelector('dialog[open]')) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function mark(view, subject) {
  document.title = `${subject ? `${subject} · ` : ''}${view.title} · FlowGrain`;
  show(document.getElementById('views'), ...views.map(({ name, title, key }) => h('a', { href: link([name]), 'aria-current': name === view.name && 'page', title: `${title} (${key})` }, title)));
}

/** Goes to the search of runs. */
async function search() {
  if (route().path[0] !== 'runs' || route().path.length > 1) go(['runs']);
  await opening;
  document.getElementById('search')?.focus();
}

apply();
document.getElementById('tools').append(themeButton(), h('button', { class: 'icon', onclick: help, title: 'Keys (?)', 'aria-label': 'Keys' }, '?'));
for (const { name, title, key } of views) bind(key, title, () => go([name]));
bind('/', 'search runs', search);
bind('?', 'these keys', help);
guardedLink(document.getElementById('orleans'));
on('status', statusLine(document.getElementById('status')));
record();
recordServing();
follow(at => { opening = open(at); });
opening = open(route());
listen();
get('api/v1/').then(({ version }) => show(document.getElementById('version'), `FlowGrain ${version.split('+')[0]}`), () => {}); // the status says why a silo does not answer
