// A slider that moves by itself.
import { h, show } from './dom.js';

const step = 900; // ms for each unit

/** The button that starts and stops it, and `stop()`; `draw` hears of every place that it comes to. */
export function play(slider, draw, signal) {
  let last = null; // when it was moved; null while it stands
  const button = h('button', { type: 'button', onclick: () => last === null ? start() : stop() }, 'Play');

  function start() {
    if (Number(slider.value) >= Number(slider.max)) slider.value = slider.min;
    last = performance.now();
    show(button, 'Stop');
    requestAnimationFrame(move);
  }

  function move(now) {
    if (last === null || signal.aborted) return;
    slider.value = Number(slider.value) + (now - last) / step;
    last = now;
    draw();
    if (Number(slider.value) < Number(slider.max)) requestAnimationFrame(move);
    else stop();
  }

  function stop() {
    last = null;
    show(button, 'Play');
    draw();
  }

  return { button, stop };
}
