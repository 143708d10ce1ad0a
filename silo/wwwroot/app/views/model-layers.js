// How a flow bends its base into the data, layer by layer: the same points after each, and on their way between two.
import { get, path, query as words } from '../api.js';
import { axisAround } from '../axes.js';
import { card } from '../card.js';
import { h, put, show } from '../dom.js';
import { count } from '../format.js';
import { cloud, frame } from '../frame.js';
import { attempt } from '../notice.js';
import { look } from '../router.js';
import { shade } from '../viridis.js';
import { pairChoice, pairOf } from '../pair-matrix.js';

const rows = 4000;
const stampSide = 112; // pixels
const step = 900; // ms from one layer to the next

export async function open(root, at, signal, model) {
  const [choice, place, strip, name] = [h('div', { class: 'controls wide' }), h('div'), h('div', { class: 'strip' }), h('b')];
  const slider = h('input', { type: 'range', id: 'layer', min: 0, step: 0.01, value: 0, class: 'long', oninput: () => { isPlaying = false; draw(); }, onchange: () => look({ layer: Number(slider.value) }, { replace: true }) });
  const play = h('button', { type: 'button', onclick: () => { isPlaying = !isPlaying; begin(); } }, 'Play');
  put(root, choice, h('div', { class: 'columns beside' },
    card('From the base to the data', { note: `${count(rows)} points, coloured by where in the base they began` }, h('div', { class: 'controls' }, play, h('label', { for: 'layer' }, 'layer'), slider, name), place),
    card('Every layer', { note: 'click one' }, strip)));
  let [layers, colors, picture, isPlaying, pair] = [null, null, null, false, []];

  async function load({ query }) {
    const [x, y] = pairOf(model, query);
    if (pair.join('\n') === `${x}\n${y}`) return;
    pair = [x, y];
    show(choice, model.columns.length > 2 && pairChoice(model.columns, x, y));
    const [xi, yi] = pair.map(column => model.columns.indexOf(column));
    ({ layers } = await get(path`api/v1/models/${model.name}/layers${words({ version: model.version, rows, seed: 0, x: xi, y: Math.max(0, yi) })}`, signal));
    colors = layers[0].points.map(point => shade(1 - Math.min(1, Math.hypot(...point) / 3)));
    picture = frame(unit(0), unit(1), { label: `Points on their way from the base to ${y} by ${x}` });
    show(place, picture.element);
    show(strip, layers.map(stamp));
    slider.max = layers.length - 1;
    slider.value = query.get('layer') ?? slider.max;
    draw();
  }

  function stamp(layer, index) {
    const canvas = h('canvas', { class: 'stamp', 'aria-hidden': 'true' });
    cloud(canvas, stampSide, scaled(layer), colors, unit(0), unit(1));
    return h('button', { type: 'button', class: 'layer', onclick: () => { [isPlaying, slider.value] = [false, index]; draw(); look({ layer: index }, { replace: true }); } }, canvas, h('span', {}, layer.name));
  }

  /** A square that holds every layer, each scaled to its own spread. */
  const unit = axis => ({ name: pair[axis], low: -3.6, high: 3.6, levels: null });

  function draw() {
    const [before, share] = [Math.min(layers.length - 2, Math.floor(slider.value)), Number(slider.value) - Math.min(layers.length - 2, Math.floor(slider.value))];
    const [from, to] = [scaled(layers[before]), scaled(layers[before + 1])];
    picture.points(from.map(([a, b], i) => [a + share * (to[i][0] - a), b + share * (to[i][1] - b)]), colors);
    show(name, layers[Math.round(slider.value)].name);
    [...strip.children].forEach((child, i) => child.setAttribute('aria-pressed', String(i === Math.round(slider.value))));
  }

  function begin() {
    show(play, isPlaying ? 'Stop' : 'Play');
    if (!isPlaying) return;
    if (Number(slider.value) >= layers.length - 1) slider.value = 0;
    let last = performance.now();
    const frameOf = now => {
      if (!isPlaying || signal.aborted) return show(play, 'Play');
      slider.value = Math.min(layers.length - 1, Number(slider.value) + (now - last) / step);
      last = now;
      draw();
      isPlaying = Number(slider.value) < layers.length - 1;
      requestAnimationFrame(frameOf);
    };
    requestAnimationFrame(frameOf);
  }

  const known = new Map();

  /** Points in units of their own spread: the last layers are in those of the data. */
  function scaled(layer) {
    if (!known.has(layer)) {
      const axes = [0, 1].map(i => axisAround('', layer.points.map(point => point[i])));
      known.set(layer, layer.points.map(point => point.map((value, i) => 7 * ((value - axes[i].low) / (axes[i].high - axes[i].low) - 0.5))));
    }
    return known.get(layer);
  }

  const changed = route => void attempt(() => load(route));
  changed(at);
  return changed;
}
