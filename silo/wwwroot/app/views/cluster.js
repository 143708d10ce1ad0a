// The cluster: what it has, who works on which slot, what it keeps and what it answers.
import { card } from '../card.js';
import { h, show } from '../dom.js';
import { figures } from '../figures.js';
import { bytes, clock, count, rate } from '../format.js';
import { minutes, recentMoves } from '../leases.js';
import { on } from '../live.js';
import { tokenOf } from '../palette.js';
import { link } from '../router.js';
import { servingTable } from '../serving.js';
import { slotLanes } from '../slots.js';
import { activeRuns } from './active-runs.js';
import { gallery } from './gallery.js';

export function open(root, _, signal) {
  const summary = figures([['silos', 'silos'], ['slots', 'slots at work'], ['training', 'runs training'], ['runs', 'runs'], ['models', 'models'], ['requests', 'requests a second']]);
  const [lanes, storage, moves, serving] = [slotLanes(signal), h('div', { class: 'stack' }), h('ol', { class: 'moves' }), servingTable()];
  const active = activeRuns(runs => summary.update({ training: count(runs.length) }), signal);
  root.append(h('h1', {}, 'Cluster'), summary.element,
    h('div', { class: 'columns wide-left' },
      h('div', { class: 'stack' },
        card('Slots', { note: `who had them since this page was opened, ${minutes} minutes at most` }, lanes.element),
        card('Training now', {}, active.element),
        gallery(signal)),
      h('div', { class: 'stack' },
        card('Storage', {}, storage),
        card('Moves', { note: 'slots that went to another run' }, moves),
        card('Serving', {}, serving.element))));

  on('cluster', cluster => {
    const slots = cluster.silos.flatMap(silo => silo.slots);
    summary.update({ silos: count(cluster.silos.length), slots: `${slots.filter(({ run }) => run).length} of ${slots.length}`, runs: count(cluster.runs), models: count(cluster.models) });
    lanes.update(cluster.silos);
    if (cluster.storage) show(storage, ...stores(cluster.storage));
    show(moves, ...recentMoves().slice(0, 12).map(move));
    if (recentMoves().length === 0) show(moves, h('li', { class: 'empty' }, 'None since this page was opened.'));
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

/** The end of an address, which tells the silos of a cluster apart. */
const siloName = address => address.replace(/^S/, '').replace(/:\d{6,}$/, '');
