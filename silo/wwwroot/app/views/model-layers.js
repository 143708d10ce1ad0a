// How a flow bends its base into the data, layer by layer: the same points after each, and on their way between two.
import { get, path, query as words } from '../api.js';
import { axisAround } from '../axes.js';
import { tableBehind, textTable } from '../behind.js';
import { card } from '../card.js';
import { h, put, show } from '../dom.js';
import { count, figure } from '../format.js';
import { cloud, frame } from '../frame.js';
import { latest } from '../latest.js';
import { momentsOf } from '../moments.js';
import { pairChoice, pairOf } from '../pair-matrix.js';
import { play } from '../play.js';
import { look } from '../router.js';
import { shade } from '../viridis.js';

const rows = 4000;
const stampSide = 112; // pixels
const spread = 7.2; // deviations, about, that a picture shows

export async function open(root, at, signal, model) {
  const [choice, place, strip, name] = [h('div', { class: 'controls wide' }), h('div'), h('div', { class: 'strip' }), h('b')];
  const slider = h('input', { type: 'range', id: 'layer', min: 0, step: 0.01, value: 0, class: 'long', oninput: () => stop(), onchange: () => look({ layer: slider.value }, { replace: true }) });
  const { button, stop } = play(slider, () => draw(), signal);
  let [layers, colors, picture, pair] = [null, null, null, null];
  const { toggle, behind, refresh } = tableBehind(strip, 'Every layer', () => layers === null ? '' : moments(layers, pair));
  const aside = h('div');
  put(root, choice, h('div', { class: 'columns beside' },
    card('From the base to the data', { note: `${count(rows)} points in units of their spread, coloured by where in the base they began`, aside }, h('div', { class: 'controls' }, button, h('label', { for: 'layer' }, 'layer'), slider, name), place),
    card('Every layer', { note: 'click one', aside: toggle }, strip, behind)));

  const changed = latest(async ({ query }, over) => {
    const next = pairOf(model, query);
    if (!pair?.every((column, i) => column === next[i])) await load(next, over);
    slider.value = query.get('layer') ?? slider.max;
    draw();
  }, signal);

  async function load(next, over) {
    show(choice, model.columns.length > 2 && pairChoice(model.columns, ...next));
    const [x, y] = next.map(column => model.columns.indexOf(column));
    const found = await get(path`api/v1/models/${model.name}/layers${words({ version: model.version, rows, seed: 0, x, y })}`, over);
    pair = next;
    colors = found.layers[0].points.map(point => shade(1 - Math.min(1, Math.hypot(...point) / 3)));
    layers = found.layers.map(({ name: layer, points }) => ({ layer, points: scaled(points), moments: momentsOf(points) }));
    picture = frame(...axes(), { label: `Points on their way from the base to ${pair.join(' and ')}` });
    show(place, picture.element);
    show(aside, picture.toggle);
    show(strip, layers.map(stamp));
    slider.max = layers.length - 1;
    refresh();
  }

  function stamp({ layer, points }, index) {
    const canvas = h('canvas', { class: 'stamp', 'aria-hidden': 'true' });
    cloud(canvas, stampSide, points, colors, ...axes());
    return h('button', { type: 'button', class: 'layer', onclick: () => choose(index) }, canvas, h('span', {}, layer));
  }

  function choose(index) {
    slider.value = index;
    stop();
    look({ layer: index }, { replace: true });
  }

  const axes = () => pair.map(column => ({ name: column, low: -spread / 2, high: spread / 2, levels: null }));

  function draw() {
    if (layers === null) return; // they are still on their way
    const position = Number(slider.value);
    const before = Math.min(layers.length - 2, Math.floor(position));
    const [from, to, share] = [layers[before].points, layers[before + 1].points, position - before];
    picture.points(from.map(([a, b], i) => [a + share * (to[i][0] - a), b + share * (to[i][1] - b)]), colors);
    show(name, layers[Math.round(position)].layer);
    [...strip.children].forEach((child, i) => child.setAttribute('aria-pressed', String(i === Math.round(position))));
  }

  changed(at);
  return changed;
}

/** What every layer makes of the points, in its own units. */
const moments = (layers, [x, y]) => textTable('Every layer', ['layer', `mean of ${x}`, 'deviation', `mean of ${y}`, 'deviation', 'correlation'],
  layers.map(({ layer, moments: { means, deviations, correlation } }) => [layer, ...[means[0], deviations[0], means[1], deviations[1], correlation].map(value => figure(value, 3))]), 1);

/** Points in units of their own spread: the first layers are in those of the base, the last in those of the data. */
function scaled(points) {
  const axes = [0, 1].map(i => axisAround('', points.map(point => point[i])));
  return points.map(point => point.map((value, i) => spread * ((value - axes[i].low) / (axes[i].high - axes[i].low) - 0.5)));
}
