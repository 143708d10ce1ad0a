// What models answer: how often, how fast, in which batches; now, and in the minutes that this page was open.
import { h } from './dom.js';
import { count, duration, rate } from './format.js';
import { on } from './live.js';
import { link } from './router.js';
import { table } from './table.js';

const remembered = 600; // seconds
const functions = ['', '.sample', '.detect']; // behind a model's name; no model is called so
const past = []; // { time, models: name -> figures }, oldest first
const second = 1; // between two looks of a silo

/** Watches from now on. */
export function recordServing() {
  let wasAway = false; // since the last figures
  on('status', ({ state }) => { wasAway ||= state !== 'live'; });
  on('serving', ({ models }) => {
    const time = Date.now() / 1000;
    const before = past.at(-1);
    if (before && time - before.time > 2 * second) past.push(wasAway ? { time: before.time + second, models: new Map() } : { time: time - second, models: before.models }); // nothing is known, or nothing changed
    past.push({ time, models: new Map(models.map(figures => [figures.model, figures])) });
    wasAway = false;
    while (past[0].time < time - remembered) past.shift();
  });
}

/** What a model and its functions answered since then, oldest first: `{ time, lines: [{ does, figures }] }`, null where one was not asked yet. */
export function servingOf(model) {
  const asked = functions.filter(end => past.some(({ models }) => models.has(model + end)));
  return { time: past.map(({ time }) => time), lines: asked.map(end => ({ does: partsOf(model + end).does, figures: past.map(({ models }) => models.get(model + end) ?? null) })) };
}

/** Milliseconds, as people read them. */
export const milliseconds = value => duration(value === null || value === undefined ? NaN : value / 1000);

/** The model of a name such as `rings.detect`, and what is asked of it. */
function partsOf(name) {
  const end = functions.findLast(suffix => name.endsWith(suffix));
  return { model: name.slice(0, name.length - end.length), does: end.slice(1) || 'density' };
}

const columns = [
  { name: 'model', title: 'model', of: ({ model }) => model, show: named },
  { name: 'rate', title: 'req/s', hint: 'requests a second', numeric: true, of: ({ requestsPerSecond }) => requestsPerSecond, show: ({ requestsPerSecond }) => rate(requestsPerSecond) },
  { name: 'failed', title: 'failed/s', hint: 'requests a second that failed', numeric: true, of: ({ failuresPerSecond }) => failuresPerSecond, show: ({ failuresPerSecond }) => failuresPerSecond > 0 ? h('span', { class: 'kind bad' }, rate(failuresPerSecond)) : rate(failuresPerSecond) },
  { name: 'p50', title: 'p50', hint: 'half of the requests took no longer', numeric: true, of: ({ p50Milliseconds }) => p50Milliseconds, show: ({ p50Milliseconds }) => milliseconds(p50Milliseconds) },
  { name: 'p99', title: 'p99', hint: '99 of 100 requests took no longer', numeric: true, of: ({ p99Milliseconds }) => p99Milliseconds, show: ({ p99Milliseconds }) => milliseconds(p99Milliseconds) },
  { name: 'batch', title: 'batch', hint: 'rows that are computed together', numeric: true, of: ({ batchRows }) => batchRows, show: ({ batchRows }) => count(batchRows) },
  { name: 'queue', title: 'queue', hint: 'requests that wait', numeric: true, of: ({ queue }) => queue, show: ({ queue }) => count(queue) },
];

function named({ model: name }) {
  const { model, does } = partsOf(name);
  return [h('a', { href: link(['models', model, 'serving']) }, model), name !== model && h('span', { class: 'quiet' }, ` ${does}`)];
}

/** The figures of several models. */
export const servingTable = () => table(columns, { key: ({ model }) => model, label: 'Serving', empty: 'Nobody has asked a model in the last seconds.' });
