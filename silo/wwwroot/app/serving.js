// What models answer: how often, how fast, in which batches; now, and in the minutes that this page was open.
import { h } from './dom.js';
import { count, duration, rate } from './format.js';
import { on } from './live.js';
import { link } from './router.js';
import { table } from './table.js';

const remembered = 600; // seconds
const past = new Map(); // model -> [figures with their time], oldest first

/** Watches from now on. */
export const recordServing = () => on('serving', ({ models }) => {
  const time = Date.now() / 1000;
  for (const figures of models) {
    const line = past.get(figures.model) ?? [];
    past.set(figures.model, line);
    line.push({ time, ...figures });
    while (line[0].time < time - remembered) line.shift();
  }
});

/** The figures of a model since then, oldest first. */
export const servingOf = model => past.get(model) ?? [];

/** Milliseconds, as people read them. */
export const milliseconds = value => duration(value === null || value === undefined ? NaN : value / 1000);

const columns = [
  { name: 'model', title: 'model', of: ({ model }) => model, show: ({ model }) => h('a', { href: link(['models', model, 'serving']) }, model) },
  { name: 'rate', title: 'req/s', hint: 'requests a second', numeric: true, of: ({ requestsPerSecond }) => requestsPerSecond, show: ({ requestsPerSecond }) => rate(requestsPerSecond) },
  { name: 'p50', title: 'p50', numeric: true, of: ({ p50Milliseconds }) => p50Milliseconds, show: ({ p50Milliseconds }) => milliseconds(p50Milliseconds) },
  { name: 'p99', title: 'p99', numeric: true, of: ({ p99Milliseconds }) => p99Milliseconds, show: ({ p99Milliseconds }) => milliseconds(p99Milliseconds) },
  { name: 'batch', title: 'batch', hint: 'rows that are computed together', numeric: true, of: ({ batchRows }) => batchRows, show: ({ batchRows }) => count(batchRows) },
  { name: 'queue', title: 'queue', hint: 'rows that wait', numeric: true, of: ({ queue }) => queue, show: ({ queue }) => count(queue) },
];

/** The figures of several models. */
export const servingTable = () => table(columns, { key: ({ model }) => model, label: 'Serving', empty: 'Nobody has asked a model in the last seconds.' });
