// A panel with a heading; one with a chart has the table of its numbers behind it.
import { valueText } from './axes.js';
import { tableBehind, textTable } from './behind.js';
import { h, show, svg } from './dom.js';
import { lineChart } from './chart.js';

const mostNamed = 12; // curves in a legend

/** A panel. `aside` stands at the end of its heading. */
export function card(title, { aside, class: more, note } = {}, ...content) {
  return h('section', { class: `card ${more ?? ''}` },
    h('header', {}, h('h2', {}, title, note && h('span', { class: 'note' }, note)), aside && h('div', { class: 'aside' }, aside)),
    content);
}

/**
 * A panel with a chart: legend with the values under the cursor, else the last ones, where the chart `showsLast`; the table of its numbers on request.
 * @returns `draw(picture)` as the chart has it; the series that say `isNamed` are in the legend and the table, those that say `isTabled` in the table alone.
 */
export function chartCard(title, { height, note, sync, onZoom, format, ticksAs, amounts, xName = 'step', aside, showsLast = true }, signal) {
  const [legend, beyond] = [h('ul', { class: 'legend' }), h('span', { class: 'beyond' })];
  const face = h('div', { class: 'face', role: 'slider', tabindex: 0, 'aria-label': `${title}, as a chart; arrows go along it${onZoom ? ', + and − zoom' : ''}`, 'aria-valuemin': 0, 'aria-valuemax': 0, 'aria-valuenow': 0, 'aria-valuetext': 'no point' });
  const plot = h('div', { class: 'plot' }, face, beyond);
  let [picture, values] = [null, []];
  const chart = lineChart(face, { height, sync, onZoom, ticksAs, amounts, onHover: point }, signal);
  const { toggle, behind, refresh } = tableBehind(plot, title, table);
  const element = card(title, { note, aside: [aside, legend, toggle] }, plot, behind);

  function draw(next) {
    picture = next;
    const named = next.series.filter(({ isNamed }) => isNamed);
    if (named.map(({ label }) => label).join() !== values.map(({ label }) => label).join()) {
      values = named.map(({ label }) => ({ label, element: h('b') }));
      show(legend, named.slice(0, mostNamed).map((series, i) => h('li', {}, named.length > 1 && [swatch(series), label(series)], values[i].element)), named.length > mostNamed && h('li', {}, `and ${named.length - mostNamed} more`));
    }
    const above = chart.draw(next);
    show(beyond, above === null ? '' : `↑ ${format(above)} in the first steps`);
    face.setAttribute('aria-valuemax', Math.max(0, next.x.length - 1));
    point(null);
    refresh();
  }

  function point(index) {
    if (picture === null) return;
    const texts = [];
    for (const { label, element } of values.slice(0, mostNamed)) {
      const { values: numbers } = picture.series.find(series => series.label === label);
      const at = index ?? (showsLast ? numbers.findLastIndex(Number.isFinite) : -1);
      const text = Number.isFinite(numbers[at]) ? format(numbers[at]) : '';
      show(element, text);
      if (text) texts.push(`${label} ${text}`);
    }
    if (index === null) return;
    face.setAttribute('aria-valuenow', index);
    face.setAttribute('aria-valuetext', `${xName} ${place(picture.x[index])}: ${texts.join(', ')}`);
  }

  function table() {
    if (picture === null) return '';
    const named = picture.series.filter(({ isNamed, isTabled }) => isNamed || isTabled);
    const rows = picture.x.map((x, i) => [x, ...named.map(({ values: numbers }) => numbers[i])]).filter(([x, ...numbers]) => numbers.some(Number.isFinite) && (!picture.range || (x >= picture.range[0] && x <= picture.range[1])));
    return textTable(title, [xName, ...named.map(({ label }) => label)], rows.map(([x, ...numbers]) => [place(x), ...numbers.map(value => Number.isFinite(value) ? format(value) : '')]));
  }

  const place = x => picture.isTime ? new Date(1000 * x).toLocaleTimeString('en-GB') : picture.axis?.isDate ? valueText(picture.axis, x) : x.toLocaleString('en');

  return { element, draw };
}

const label = ({ label: name, href }) => href ? h('a', { href }, name) : h('span', {}, name);

/** A piece of a line as the chart draws it. */
export const swatch = ({ token, dash, hasPoints }) => svg('svg', { class: 'swatch', viewBox: '0 0 20 6', 'aria-hidden': 'true', style: { color: `var(--${token})` } },
  hasPoints ? svg('circle', { cx: 10, cy: 3, r: 2.5 }) : svg('line', { x1: 0, x2: 20, y1: 3, y2: 3, 'stroke-dasharray': dash?.join(' ') }));
