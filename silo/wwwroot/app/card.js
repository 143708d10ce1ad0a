// A panel with a heading; one with a chart has the table of its numbers behind it.
import { said } from './axes.js';
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
  const [legend, plot, behind] = [h('ul', { class: 'legend' }), h('div', { class: 'plot', role: 'img', 'aria-label': `${title}, as a chart; its table has the same numbers` }), h('div', { class: 'behind', hidden: true })];
  let [picture, values] = [null, []];
  const chart = lineChart(plot, { height, sync, onZoom, ticksAs, amounts, onHover: point }, signal);
  const toggle = h('button', { class: 'quiet', 'aria-pressed': 'false', onclick: turn }, 'table');
  const element = card(title, { note, aside: [aside, legend, toggle] }, plot, behind);

  function draw(next) {
    picture = next;
    const named = next.series.filter(({ isNamed }) => isNamed);
    if (named.map(({ label }) => label).join() !== values.map(({ label }) => label).join()) {
      values = named.map(({ label }) => ({ label, element: h('b') }));
      show(legend, named.slice(0, mostNamed).map((series, i) => h('li', {}, named.length > 1 && [swatch(series), label(series)], values[i].element)), named.length > mostNamed && h('li', {}, `and ${named.length - mostNamed} more`));
    }
    chart.draw(next);
    point(null);
    if (!behind.hidden) fillTable();
  }

  function point(index) {
    if (picture === null) return;
    for (const { label, element } of values.slice(0, mostNamed)) {
      const { values: numbers } = picture.series.find(series => series.label === label);
      const at = index ?? (showsLast ? numbers.findLastIndex(Number.isFinite) : -1);
      show(element, Number.isFinite(numbers[at]) ? format(numbers[at]) : '');
    }
  }

  function turn() {
    behind.hidden = !behind.hidden;
    plot.hidden = !behind.hidden;
    toggle.setAttribute('aria-pressed', String(!behind.hidden));
    if (!behind.hidden) fillTable();
  }

  function fillTable() {
    const named = picture.series.filter(({ isNamed, isTabled }) => isNamed || isTabled);
    behind.style.height = `${height}px`;
    const rows = picture.x.map((x, i) => [x, ...named.map(({ values: numbers }) => numbers[i])]).filter(([x, ...numbers]) => numbers.some(Number.isFinite) && (!picture.range || (x >= picture.range[0] && x <= picture.range[1])));
    show(behind, h('table', { 'aria-label': title },
      h('thead', {}, h('tr', {}, [xName, ...named.map(({ label }) => label)].map(name => h('th', { scope: 'col', class: 'number' }, name)))),
      h('tbody', {}, rows.map(([x, ...numbers]) => h('tr', {}, h('td', { class: 'number' }, place(x)), numbers.map(value => h('td', { class: 'number' }, Number.isFinite(value) ? format(value) : '')))))));
  }

  const place = x => picture.isTime ? new Date(1000 * x).toLocaleTimeString('en-GB') : picture.axis?.isDate ? said(picture.axis, x) : x.toLocaleString('en');

  behind.tabIndex = 0;
  return { element, draw };
}

const label = ({ label: name, href }) => href ? h('a', { href }, name) : h('span', {}, name);

/** A piece of a line as the chart draws it. */
export const swatch = ({ token, dash, hasPoints }) => svg('svg', { class: 'swatch', viewBox: '0 0 20 6', 'aria-hidden': 'true', style: { color: `var(--${token})` } },
  hasPoints ? svg('circle', { cx: 10, cy: 3, r: 2.5 }) : svg('line', { x1: 0, x2: 20, y1: 3, y2: 3, 'stroke-dasharray': dash?.join(' ') }));
