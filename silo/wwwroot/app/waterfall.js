// The spans of a trace as bars over time, each below the one that it is part of.
import { textTable } from './behind.js';
import { h } from './dom.js';
import { duration } from './format.js';
import { siloName } from './slots.js';

const tokens = { 'shard.compute': 'series-0', 'shard.submit': 'series-3', 'reduce.node': 'series-2', apply: 'series-1', checkpoint: 'series-4' };
const leastSkew = 0.001; // seconds that are worth a word

/** Rows: a scale, and a bar for each span. */
export function waterfall({ seconds, spans }) {
  const placed = ordered(spans);
  const scale = Math.max(seconds, ...placed.map(({ begun, span }) => begun + span.seconds)) || 1;
  return [ticks(scale), ...placed.map(found => row(found, scale))];
}

/** The same in numbers. */
export const waterfallTable = ({ spans }) => textTable('Where the time went', ['part', 'where', 'from', 'took', 'clock moved by'],
  ordered(spans).map(({ span, depth, begun, skew }) => [`${'· '.repeat(depth)}${shortName(span)}`, whereIs(span), duration(begun), duration(span.seconds), skewText(skew)]), 2);

/**
 * Parents before children, the earlier ones first, `{ span, depth, begun, skew }` each. Silos have clocks of their own:
 * what begins before the span of another silo that it is part of, or behind its end, is moved into that with all that it did there, by `skew` seconds.
 */
function ordered(spans) {
  const ids = new Set(spans.map(({ id }) => id));
  const children = Map.groupBy(spans, ({ parent }) => ids.has(parent) ? parent : null);
  const below = (id, depth, parent) => (children.get(id) ?? []).sort((a, b) => a.begun - b.begun).flatMap(span => {
    const found = within(span, depth, parent);
    return [found, ...below(span.id, depth + 1, found)];
  });
  return below(null, 0, null);
}

function within(span, depth, parent) {
  const skew = !parent ? 0 : span.silo === parent.span.silo ? parent.skew : skewOf(span, parent);
  return { span, depth, begun: span.begun + skew, skew };
}

/** How far a span has to move into the one of another silo that it is part of. */
function skewOf({ begun, seconds }, { begun: from, span: { seconds: length } }) {
  if (begun < from) return from - begun;
  return begun > from + length ? from + Math.max(0, length - seconds) - begun : 0;
}

const shortName = ({ name }) => name.replace(/^flowgrain\./, '');

const isThere = value => value !== null && value !== undefined;

const whereIs = ({ silo, slot, shard }) => [isThere(shard) && `shard ${shard}`, silo && (isThere(slot) ? `${siloName(silo)} · ${slot}` : siloName(silo))].filter(Boolean).join(', ');

const skewText = skew => Math.abs(skew) < leastSkew ? '' : `${skew < 0 ? '−' : '+'}${duration(Math.abs(skew))}`;

function row({ span, depth, begun, skew }, scale) {
  const [short, where] = [shortName(span), whereIs(span)];
  const bar = h('i', { style: { left: share(begun, scale), width: `max(2px, ${share(span.seconds, scale)})`, background: `var(--${tokens[short] ?? 'quiet'})` } });
  return h('div', { class: 'span', title: `${short}${where && ` · ${where}`}: ${duration(span.seconds)}, from ${duration(begun)}` },
    h('span', { class: 'name', style: { 'padding-left': `${12 * depth}px` } }, short, h('span', { class: 'quiet' }, where), skewText(skew) && h('span', { class: 'quiet' }, `clock ${skewText(skew)}`)),
    h('span', { class: 'track' }, bar), h('span', { class: 'took number' }, duration(span.seconds)));
}

const share = (time, scale) => `${100 * time / scale}%`;

const ticks = scale => h('div', { class: 'span scale', 'aria-hidden': 'true' }, h('span', { class: 'name' }), h('span', { class: 'track' },
  [0, 0.25, 0.5, 0.75, 1].map(at => h('small', { style: { left: `${100 * at}%` } }, at === 0 ? '0' : duration(at * scale)))), h('span', { class: 'took' }));
