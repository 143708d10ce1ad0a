// The last round that was traced: who computed which shard, and where its time went.
import { get, path, query } from '../api.js';
import { tableBehind } from '../behind.js';
import { card } from '../card.js';
import { h, put, show } from '../dom.js';
import { figures } from '../figures.js';
import { clock, count, duration } from '../format.js';
import { on } from '../live.js';
import { failure } from '../notice.js';
import { paced } from '../paced.js';
import { siloName } from '../slots.js';
import { shade } from '../viridis.js';
import { waterfall, waterfallTable } from '../waterfall.js';

const pause = 2_000; // ms between two looks
const compute = 'flowgrain.shard.compute';

export async function open(root, at, signal) {
  const [name, version] = [at.path[1], at.query.get('version')];
  const hold = h('button', { type: 'button', class: 'toggle', 'aria-pressed': 'false', onclick: () => hold.setAttribute('aria-pressed', String(hold.getAttribute('aria-pressed') !== 'true')) }, 'hold');
  const summary = figures([['round', 'round'], ['took', 'took'], ['at', 'at'], ['trace', 'trace']]);
  const news = h('div', { class: 'sentences' });
  const [grid, spans, fault] = [h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Shards by slot' }), h('div', { class: 'waterfall' }), h('div')];
  let shown = null;
  const { toggle, behind, refresh } = tableBehind(spans, 'Where the time went', () => shown ? waterfallTable(shown) : '');
  const none = h('p', { class: 'empty', hidden: true }, 'No round of it was traced since its silo started.');
  const found = h('div', { class: 'stack', hidden: true },
    card('A round', { aside: hold, note: 'the last one that was traced: at most one a second, and those that failed or were slow' }, news, summary.element),
    card('Who computed which shard', { note: 'brighter took longer' }, grid),
    card('Where the time went', { aside: toggle, note: 'clocks of silos differ: what began before that which it is part of is moved into it' }, spans, behind));
  put(root, fault, none, found);

  const ask = paced(async () => {
    try {
      const round = await get(path`api/v1/runs/${name}/round${query({ version })}`, signal);
      fault.replaceChildren();
      none.hidden = round !== null;
      found.hidden = round === null;
      if (round !== null) draw(round);
    } catch (error) {
      if (!signal.aborted) show(fault, failure(error));
    }
  }, pause, signal);

  function draw(round) {
    shown = round;
    show(news, round.failure && h('p', { class: 'sentence bad' }, round.failure), round.isSlow && h('p', { class: 'sentence warn' }, 'It took far longer than those before it.'));
    summary.update({ round: count(round.round), took: duration(round.seconds), at: clock(new Date(round.begun)), trace: h('code', {}, round.traceId) });
    show(grid, shards(round.spans.filter(span => span.name === compute)));
    show(spans, ...waterfall(round));
    refresh();
  }

  on('runs', () => hold.getAttribute('aria-pressed') !== 'true' && ask(), signal);
  ask();
}

/** Slots down, shards across; a shard that two computed is there twice. */
function shards(spans) {
  const slots = [...new Map(spans.map(({ silo, slot }) => [`${silo} ${slot}`, { silo, slot }])).values()].sort((a, b) => `${a.silo}`.localeCompare(b.silo) || a.slot - b.slot);
  const numbers = [...new Set(spans.map(({ shard }) => shard))].sort((a, b) => a - b);
  const longest = Math.max(...spans.map(({ seconds }) => seconds));
  const cell = span => h('td', { class: 'shard', style: { background: shade(span.seconds / longest), color: span.seconds / longest > 0.45 ? '#111' : '#fff' }, title: `shard ${span.shard}: ${duration(span.seconds)}` }, duration(span.seconds));
  return h('table', { class: 'shards', 'aria-label': 'Shards by slot' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'slot'), numbers.map(number => h('th', { scope: 'col', class: 'number' }, number)))),
    h('tbody', {}, slots.map(({ silo, slot }) => h('tr', {}, h('th', { scope: 'row' }, `${siloName(silo)} · ${slot}`),
      numbers.map(number => {
        const span = spans.find(other => other.shard === number && other.silo === silo && other.slot === slot);
        return span ? cell(span) : h('td');
      })))));
}
