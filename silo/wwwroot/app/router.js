// The address is the state: `#/runs/diamonds/rounds?version=2&smooth=0.6` names a view, its subject, its tab, and how it is looked at.
const followers = new Set();

/** What the address says now. */
export function route() {
  const [path, query = ''] = location.hash.replace(/^#/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

/** The address of a view; what has no value is left out. */
export function link(path, query = {}) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => isSaid(value)));
  return `#/${path.map(encodeURIComponent).join('/')}${words.size > 0 ? `?${words}` : ''}`;
}

/** Goes to a view. */
export function go(path, query) {
  history.pushState(null, '', link(path, query));
  tell();
}

/** Changes how the view is looked at. A step of its own for the back button, but not each stop of a slider (`replace`). */
export function look(changes, { replace = false } = {}) {
  const { path, query } = route();
  const next = link(path, { ...Object.fromEntries(query), ...changes });
  if (next === location.hash) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', next);
  tell();
}

/** Tells of every change, until the signal. */
export function follow(listener, signal) {
  followers.add(listener);
  signal?.addEventListener('abort', () => followers.delete(listener));
}

const isSaid = value => value !== undefined && value !== null && value !== '' && value !== false;

function tell() {
  for (const follower of [...followers]) follower(route());
}

addEventListener('popstate', tell); // links, and the back button
