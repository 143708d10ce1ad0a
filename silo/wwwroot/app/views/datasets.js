// The imported data sets, as they come and go.
import { get } from '../api.js';
import { card } from '../card.js';
import { onDataSigns } from '../data-signs.js';
import { h, put, show } from '../dom.js';
import { bytes, count, day } from '../format.js';
import { failure } from '../notice.js';
import { paced } from '../paced.js';
import { link } from '../router.js';
import { table } from '../table.js';

const pause = 2_000; // ms between two looks

const columns = [
  { name: 'source', title: 'source', of: ({ source, damage }) => `${source} ${damage ?? ''}`, show: ({ id, source, damage }) => [h('a', { class: 'strong', href: link(['data', id]) }, source), damage && h('p', { class: 'sentence bad' }, damage)] },
  { name: 'rows', title: 'rows', numeric: true, of: ({ rows }) => rows, show: ({ rows }) => count(rows) },
  { name: 'dropped', title: 'left out', numeric: true, of: ({ droppedRows }) => droppedRows || null, show: ({ droppedRows }) => count(droppedRows || NaN) },
  { name: 'columns', title: 'columns', of: ({ columns: learned, context }) => [names(learned), names(context)].filter(Boolean).join(' given ') },
  { name: 'bytes', title: 'on disk', numeric: true, of: ({ bytes: size }) => size, show: ({ bytes: size }) => bytes(size) },
  { name: 'imported', title: 'imported', class: 'moment', of: ({ imported }) => imported, show: ({ imported }) => day(imported) },
  { name: 'used', title: 'used', class: 'moment', of: ({ used }) => used, show: ({ used }) => day(used) },
  { name: 'needed', title: 'needed by', of: ({ neededBy }) => neededBy.join(), show: ({ neededBy }) => neededBy.map(run => h('a', { class: 'listed', href: link(['runs', run]) }, run)) },
  { name: 'id', title: 'id', of: ({ id }) => id, show: ({ id }) => h('code', {}, id.slice(0, 12)) },
];

export async function open(root, _, signal) {
  const list = table(columns, { key: ({ id }) => id, label: 'Data sets', empty: 'No data set yet; a run imports the file that it learns.' });
  const [number, fault] = [h('span', { class: 'quiet' }), h('div')];

  async function load() {
    const { datasets, bytes: used, quota } = await get('api/v1/datasets', signal);
    show(number, `${datasets.length} sets, ${quota ? `${bytes(used)} of ${bytes(quota)}` : bytes(used)}`);
    list.update(datasets);
    show(fault);
  }

  await load();
  put(root, h('div', { class: 'title' }, h('h1', {}, 'Data'), number), fault, card('Data sets', { class: 'flush' }, list.element));
  onDataSigns(paced(() => load().catch(error => !signal.aborted && show(fault, failure(error))), pause, signal), signal);
}

const names = list => list.map(({ name }) => name).join(', ');
