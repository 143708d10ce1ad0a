// How a model serves: rate, latencies, batches and queue since the page was opened.
import { chartCard } from '../card.js';
import { h, put } from '../dom.js';
import { count, rate } from '../format.js';
import { on } from '../live.js';
import { milliseconds, servingOf } from '../serving.js';

const charts = [
  { title: 'Requests a second', lines: [['requestsPerSecond', 'requests/s', 'accent']], format: rate },
  { title: 'Latency', lines: [['p50Milliseconds', 'p50', 'series-0'], ['p99Milliseconds', 'p99', 'series-1', [6, 3]]], format: milliseconds },
  { title: 'Rows a batch', lines: [['batchRows', 'rows', 'accent']], format: count },
  { title: 'Queue', note: 'rows that wait', lines: [['queue', 'rows', 'accent']], format: count },
];

export function open(root, _, signal, model) {
  const empty = h('p', { class: 'empty' }, 'Nobody has asked it since this page was opened.');
  const drawn = charts.map(chart => ({ ...chart, ...chartCard(chart.title, { height: 180, sync: 'serving', note: chart.note, format: chart.format, ticksAs: chart.format, xName: 'time' }, signal) }));
  const place = h('div', { class: 'columns two' }, drawn.map(({ element }) => element));
  put(root, empty, place);
  on('serving', () => {
    const past = servingOf(model.name);
    place.hidden = past.length === 0;
    empty.hidden = past.length > 0;
    if (past.length === 0) return;
    const x = past.map(({ time }) => time);
    for (const { lines, draw } of drawn) draw({ x, isTime: true, series: lines.map(([name, label, token, dash]) => ({ label, token, dash, values: past.map(line => line[name] ?? null), isNamed: true })) });
  }, signal);
}
