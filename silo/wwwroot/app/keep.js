// What the browser keeps for the page. Where it refuses, as with cookies blocked, that lasts as long as the page itself.

/** A place in `localStorage` or `sessionStorage`. */
export function keeper(storage, name) {
  let value = null;
  try {
    value = window[storage].getItem(name);
  } catch {
    // blocked: nothing was kept
  }

  return {
    get: () => value,
    set: next => {
      value = next;
      try {
        if (next === null) window[storage].removeItem(name);
        else window[storage].setItem(name, next);
      } catch {
        // blocked or full: the page has it
      }
    },
  };
}
