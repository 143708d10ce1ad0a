// Work that is wished for often and done now and then.

/**
 * A function that wishes for work: it is done once at a time, with a pause in ms behind it, not while nobody sees the page, and never left undone.
 * The work hears of its faults itself.
 */
export function paced(work, pause, signal) {
  let [isDue, isBusy] = [false, false];

  async function wish() {
    isDue = true;
    if (isBusy || document.hidden || signal.aborted) return;
    [isDue, isBusy] = [false, true];
    await work();
    setTimeout(() => {
      isBusy = false;
      if (isDue) wish();
    }, pause);
  }

  document.addEventListener('visibilitychange', () => isDue && wish(), { signal });
  return wish;
}
