// One data set: what its columns hold, and how its rows lie.
import { get, path, query as words } from '../api.js';
import { axisAround, centers, valueText } from '../axes.js';
import { bars } from '../bars.js';
import { tableBehind, textTable } from '../behind.js';
import { card } from '../card.js';
import { onDataSigns } from '../data-signs.js';
import { h, put, show } from '../dom.js';
import { facts } from '../facts.js';
import { figures } from '../figures.js';
import { bytes, count, day, within } from '../format.js';
import { frame } from '../frame.js';
import { counts } from '../histogram.js';
import { attempt, failure } from '../notice.js';
import { paced } from '../paced.js';
import { link } from '../router.js';
import { table } from '../table.js';
import { pairChoice, pairOf, pairsCard, pick } from '../pair-matrix.js';

const most = 2000; // rows that are looked at
const cells = 40;
const coarse = 10; // cells of a column in a table
const pause = 2_000; // ms between two looks at who needs it

export async function open(root, at, signal) {
  const dataset = await get(path`api/v1/datasets/${at.path[1]}`, signal);
  const numbers = figures([['rows', 'rows'], ['dropped', 'left out'], ['bytes', 'on disk'], ['imported', 'imported'], ['used', 'used']]);
  document.title = `${dataset.source} · Data · FlowGrain`;
  const [columns, drawnFrom, picture, needed, fault] = [columnTable(), h('span'), h('div', { class: 'columns two' }), h('span', { class: 'quiet' }), h('div')];
  let all = [...dataset.columns.map(column => ({ ...column, use: 'learned' })), ...dataset.context.map(column => ({ ...column, use: 'given' }))];
  const { toggle, behind, refresh } = tableBehind(columns.element, 'Columns', () => histogramTable(all));
  put(root, h('div', { class: 'title' }, h('h1', {}, dataset.source), needed), fault,
    dataset.damage && h('p', { class: 'failure' }, dataset.damage), numbers.element, card('Columns', { note: drawnFrom, aside: toggle }, columns.element, behind), picture);
  columns.update(all);
  const about = h('div', { class: all.length === 2 ? 'stack' : 'columns two' }, identity(dataset), leftOut(dataset));
  put(root, about);

  /** What changes of it: its rows and columns never do. */
  function update({ rows, droppedRows, bytes: size, imported, used, neededBy }) {
    numbers.update({ rows: count(rows), dropped: count(droppedRows), bytes: bytes(size), imported: day(imported), used: day(used) });
    show(needed, neededBy.length > 0 ? ['needed by ', ...neededBy.map(run => h('a', { class: 'listed', href: link(['runs', run]) }, run))] : '');
    show(fault);
  }

  update(dataset);
  onDataSigns(paced(async () => {
    try {
      update(await get(path`api/v1/datasets/${dataset.id}`, signal));
    } catch (error) {
      if (!signal.aborted) show(fault, failure(error));
    }
  }, pause, signal), signal);
  if (dataset.damage) return null;

  const sample = await attempt(() => get(path`api/v1/datasets/${dataset.id}/rows${words({ rows: most, seed: 0 })}`, signal), signal);
  if (!sample) return null;
  show(drawnFrom, sample.rows.length < dataset.rows ? `histograms of ${shareOf(sample, dataset.rows)}; figures of all` : '');
  all = all.map(column => ({ ...column, values: valuesOf(sample, column.name) }));
  columns.update(all);
  refresh();
  if (sample.columns.length < 2) return null;
  const axes = new Map(all.map(column => [column.name, axisOf(column, valuesOf(sample, column.name))]));
  const changed = ({ query }) => draw(picture, { ...sample, axes }, query, dataset.rows, about);
  changed(at);
  return changed;
}

/** The rows, and beside them every pair of their columns, or `about` where there is one pair alone. */
function draw(root, table, query, total, about) {
  const [x, y] = pairOf(table, query);
  const note = shareOf(table, total);
  const cloud = frame(table.axes.get(x), table.axes.get(y), { label: `${y} by ${x}` });
  const choice = table.columns.length > 2 && pairChoice(table.columns, x, y);
  const isOnePair = table.columns.length === 2;
  show(root, !isOnePair && pairsCard(table, x, y, note), card('Rows', { note, aside: [choice, cloud.toggle] }, cloud.element), isOnePair && about);
  cloud.points(pick(table, x, y));
}

const shareOf = ({ rows }, total) => `${count(rows.length)} rows of ${count(total)}`;

const axisOf = ({ name, levels, isDate }, values) => levels.length > 0 ? { name, low: -0.5, high: levels.length - 0.5, levels } : axisAround(name, values, isDate);

const valuesOf = (sample, name) => sample.rows.map(row => row[sample.columns.indexOf(name)]).filter(Number.isFinite);

function columnTable() {
  const number = (name, title, of, text = value) => ({ name, title, numeric: true, of, show: column => column.levels.length > 0 ? '' : text(column, of(column)) });
  return table([
    { name: 'name', title: 'column', of: ({ name }) => name, show: ({ name }) => h('span', { class: 'strong' }, name) },
    { name: 'use', title: 'use', of: ({ use, levels, isDate }) => levels.length > 0 ? `${use}, ${levels.length} levels` : isDate ? `${use}, dates` : use },
    { name: 'histogram', spoken: 'histogram', class: 'histogram', of: ({ values }) => values, show: histogram },
    number('mean', 'mean', ({ mean }) => mean), number('deviation', 'deviation', ({ deviation }) => deviation, spread),
    number('min', 'smallest', ({ min }) => min), number('median', 'median', ({ median }) => median), number('max', 'largest', ({ max }) => max),
    { name: 'distinct', title: 'distinct', numeric: true, of: ({ distinct }) => distinct, show: ({ distinct }) => count(distinct ?? NaN) },
    { name: 'missing', title: 'missing', numeric: true, of: ({ missing }) => missing, show: ({ missing }) => count(missing || NaN) },
  ], { key: ({ name }) => name, label: 'Columns' });
}

const value = ({ min, max, isDate }, number) => valueText({ low: min, high: max, isDate }, number);

const spread = ({ min, max, isDate }, number) => `${within(number, max - min)}${isDate ? ' days' : ''}`;

function histogram({ values, ...column }) {
  if (!values) return '';
  return bars(counts(axisOf(column, values), values, cells), `How the values of ${column.name} lie`);
}

/** The same in numbers: of each column a few cells, or each level. */
function histogramTable(columns) {
  return textTable('How the values of the columns lie', ['column', 'from', 'to', 'rows'], columns.filter(({ values }) => values).flatMap(({ values, ...column }) => {
    const axis = axisOf(column, values);
    const found = counts(axis, values, coarse);
    const half = (axis.high - axis.low) / found.length / 2;
    return Array.from(centers(axis, found.length), (center, i) => [column.name, ...axis.levels ? [valueText(axis, center), ''] : [valueText(axis, center - half), valueText(axis, center + half)], count(found[i])]);
  }), 1);
}

const identity = ({ id, root, selection }) => card('Identity', {}, facts([
  ['id', h('code', {}, id)], ['content, SHA-256', root && h('code', {}, root)], ['file', selection?.path], ['where', selection?.where], ['missing values', selection?.missing], ['grouped by', selection?.groupBy], ['weighed by', selection?.weights]]));

function leftOut({ leftOut: rows, droppedRows }) {
  if (!rows?.length) return '';
  const list = table([
    { name: 'row', title: 'row', numeric: true, of: ({ row }) => row, show: ({ row }) => count(row) },
    { name: 'column', title: 'column', of: ({ column }) => column }, { name: 'why', title: 'why', of: ({ why }) => why },
  ], { key: ({ row }) => row, label: 'Rows left out' });
  list.update(rows.slice(0, 100));
  return card('Rows left out', { note: `${count(Math.min(100, rows.length))} of ${count(droppedRows)}` }, list.element);
}
