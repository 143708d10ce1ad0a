// What versions of a model are called, which requests they get, and how that came about: one state for all of a view, asked for again when the person comes back to the page, since others may have changed it.
import { get, path } from './api.js';

/** `follow(listener, signal)` tells of it now and whenever it has changed; `tell(state)` takes what a change answered, `ask()` asks the silo. */
export function registryOf(model, signal) {
  const followers = new Set();
  let state = null;

  function tell(next) {
    state = next;
    for (const follower of [...followers]) follower(state);
  }

  const ask = async () => tell(await get(path`api/v1/models/${model}/aliases`, signal));
  addEventListener('focus', () => ask().catch(() => {}), { signal }); // what is shown stays; the status says when a silo does not answer
  return {
    ask,
    tell,
    follow: (listener, over) => {
      followers.add(listener);
      over.addEventListener('abort', () => followers.delete(listener));
      if (state !== null) listener(state);
    },
  };
}
