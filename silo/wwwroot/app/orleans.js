// The dashboard of Orleans has pages of its own, with which a browser sends no key: a cookie for them alone is asked for first.
import { send } from './api.js';
import { key } from './credentials.js';
import { attempt } from './notice.js';

/** Has a link to them ask for the cookie before it is followed, where there is a key. */
export function guardedLink(link) {
  link.addEventListener('click', event => {
    if (key() === null) return;
    event.preventDefault();
    attempt(async () => {
      await send('POST', 'api/v1/session');
      location.assign(link.href);
    });
  });
}
