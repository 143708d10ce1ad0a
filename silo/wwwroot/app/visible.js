// Draws what is on the screen, and the rest when it comes there.
const watched = new WeakMap();
const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    const state = watched.get(target);
    state.isVisible = isIntersecting;
    if (isIntersecting && state.isDue) run(state);
  }
}, { rootMargin: '100px' });

/** A function that has an element drawn: with the next frame where it is visible, else when it becomes so. */
export function whenVisible(element, draw) {
  const state = { draw, isVisible: false, isDue: false, isPlanned: false };
  watched.set(element, state);
  observer.observe(element);
  return () => {
    state.isDue = true;
    if (state.isVisible) run(state);
  };
}

function run(state) {
  if (state.isPlanned) return;
  state.isPlanned = true;
  requestAnimationFrame(() => {
    state.isPlanned = state.isDue = false;
    state.draw();
  });
}

/** A function that waits until an element is nearly on the screen, each time it is called, and then does something. */
export function whenNear(element, does) {
  const near = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting) return;
    near.unobserve(element);
    does();
  }, { rootMargin: '600px' });
  return () => {
    near.unobserve(element);
    near.observe(element);
  };
}
