// The cluster: what it has, who works on which slot, what it keeps and what it answers.
import { card } from '../card.js';
import { h, put, show, showOnce } from '../dom.js';
import { figures } from '../figures.js';
import { bytes, clock, count, rate } from '../format.js';
import { minutes, recentMoves, slotsOf } from '../leases.js';
import { on } from '../live.js';
import { tokenOf } from '../palette.js';
import { isAtRest } from '../phase.js';
import { link } from '../router.js';
import { runColumns } from '../run-columns.js';
import { followRuns, idOf } from '../runs.js';
import { servingTable } from '../serving.js';
import { siloName, slotLanes } from '../slots.js';
import { table } from '../table.js';
import { gallery } from './gallery.js';

export function open(root, _, signal) {
  const summary = figures([['silos', 'silos'], ['slots', 'slots at work'], ['training', 'runs training'], ['runs', 'runs'], ['models', 'models learned'], ['requests', 'requests a second']]);
  const [lanes, storage, moves, serving] = [slotLanes(signal), h('div', { class: 'stack' }), h('ol', { class: 'moves' }), servingTable()];
  const active = runsUnderWay(signal);
  put(root, h('h1', {}, 'Cluster'), summary.element,
    h('div', { class: 'columns wide-left' },
      h('div', { class: 'stack' },
        card('Slots', { note: `who had them since this page was opened, ${minutes} minutes at most` }, lanes.element),
        card('Under way', {}, active.element)),
      h('div', { class: 'stack' },
        gallery(signal),
        card('Serving', {}, serving.element),
        card('Storage', {}, storage),
        card('Moves', { note: 'slots that went to another run' }, moves))));

  on('cluster', cluster => {
    const slots = cluster.silos.flatMap(slotsOf);
    summary.update({ silos: count(cluster.silos.length), slots: `${slots.filter(({ run }) => run).length} of ${slots.length}` });
    lanes.update(cluster.silos);
    show(storage, stores(cluster.storage));
    const newest = recentMoves().slice(0, 12);
    showOnce(moves, JSON.stringify(newest), () => newest.length > 0 ? newest.map(move) : h('li', { class: 'empty' }, 'None since this page was opened.'));
  }, signal);
  followRuns(runs => {
    const under = runs.filter(({ phase }) => !isAtRest(phase));
    active.update(under);
    summary.update({ training: count(under.length), runs: count(runs.length), models: count(new Set(runs.filter(({ isPublished }) => isPublished).map(({ run }) => run)).size) });
  }, signal);
  on('serving', ({ models }) => {
    serving.update(models);
    summary.update({ requests: rate(models.reduce((sum, { requestsPerSecond }) => sum + (requestsPerSecond ?? 0), 0)) });
  }, signal);
}

const stores = ({ data, dataQuota, checkpoints, checkpointQuota }) => [store('Data sets', data, dataQuota), store('Checkpoints', checkpoints, checkpointQuota)];

function store(title, used, quota) {
  const text = quota ? `${bytes(used)} of ${bytes(quota)}` : bytes(used);
  return h('div', { class: 'store' }, h('span', {}, title), h('b', {}, text), quota && h('meter', { min: 0, max: quota, high: 0.9 * quota, optimum: 0, value: used, 'aria-label': `${title}: ${text}` }));
}

const move = ({ time, address, index, from, to }) => h('li', {},
  h('time', {}, clock(time)), h('span', { class: 'quiet' }, `${siloName(address)} · ${index}`), runName(from), h('span', { class: 'quiet' }, '→'), runName(to));

const runName = run => run ? h('a', { href: link(['runs', run]), class: 'run', style: { '--run': `var(--${tokenOf(run)})` } }, run) : h('span', { class: 'quiet' }, 'idle');

const inShort = new Set(['run', 'phase', 'loss', 'train', 'validation', 'rows', 'progress', 'eta', 'workers']);

const runsUnderWay = signal => table(runColumns(signal).filter(({ name }) => inShort.has(name)), { key: idOf, label: 'Runs under way', empty: 'No run is under way. Start one with flowgrain train --cluster.' });
