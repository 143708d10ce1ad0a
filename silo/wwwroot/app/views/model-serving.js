// How a model serves: rate, latencies, batches and queue since the page was opened, of each of its functions that was asked.
import { chartCard } from '../card.js';
import { h, put } from '../dom.js';
import { count, rate } from '../format.js';
import { on } from '../live.js';
import { milliseconds, servingOf } from '../serving.js';

const charts = [
  { title: 'Requests a second', lines: [['requestsPerSecond', 'answered'], ['failuresPerSecond', 'failed', [2, 3]]], format: rate, amounts: 'any' },
  { title: 'Latency', lines: [['p50Milliseconds', 'p50'], ['p99Milliseconds', 'p99', [6, 3]]], format: milliseconds, amounts: 'any' },
  { title: 'Rows a batch', lines: [['batchRows', '']], format: count, amounts: 'whole' },
  { title: 'Queue', note: 'requests that wait', lines: [['queue', '']], format: count, amounts: 'whole' },
];

export function open(root, _, signal, model) {
  const empty = h('p', { class: 'empty' }, 'Nobody has asked it since this page was opened.');
  const drawn = charts.map(chart => ({ ...chart, ...chartCard(chart.title, { height: 180, sync: 'serving', note: chart.note, format: chart.format, ticksAs: chart.format, amounts: chart.amounts, xName: 'time' }, signal) }));
  const place = h('div', { class: 'columns two' }, drawn.map(({ element }) => element));
  put(root, empty, place);
  on('serving', () => {
    const { time, lines: asked } = servingOf(model.name);
    place.hidden = asked.length === 0;
    empty.hidden = asked.length > 0;
    if (asked.length === 0) return;
    for (const { lines, draw } of drawn) draw({ x: time, isTime: true, series: asked.flatMap((line, i) => lines.map(kind => series(line, `series-${i}`, kind))) });
  }, signal);
}

const series = ({ does, figures }, token, [name, label, dash]) =>
  ({ label: [does, label].filter(Boolean).join(' '), token, dash, values: figures.map(line => line?.[name] ?? null), isNamed: true });
