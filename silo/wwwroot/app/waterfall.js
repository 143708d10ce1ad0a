// The spans of a trace as bars over time, each below the one that it is part of.
import { h } from './dom.js';
import { duration } from './format.js';
import { siloName } from './slots.js';

const tokens = { 'shard.compute': 'series-0', 'shard.submit': 'series-3', 'reduce.node': 'series-2', apply: 'series-1', checkpoint: 'series-4' };

/** Rows: a scale, and a bar for each span. */
export function waterfall({ seconds, spans }) {
  const scale = Math.max(seconds, ...spans.map(span => span.begun + span.seconds)) || 1;
  return [ticks(scale), ...ordered(spans).map(({ span, depth }) => row(span, depth, scale))];
}

/** Parents before children, the earlier ones first. */
function ordered(spans) {
  const ids = new Set(spans.map(({ id }) => id));
  const children = Map.groupBy(spans, ({ parent }) => ids.has(parent) ? parent : null);
  const below = (id, depth) => (children.get(id) ?? []).sort((a, b) => a.begun - b.begun).flatMap(span => [{ span, depth }, ...below(span.id, depth + 1)]);
  return below(null, 0);
}

function row({ name, silo, slot, shard, begun, seconds }, depth, scale) {
  const short = name.replace(/^flowgrain\./, '');
  const where = [shard !== null && shard !== undefined && `shard ${shard}`, silo && (slot !== null && slot !== undefined ? `${siloName(silo)} · ${slot}` : siloName(silo))].filter(Boolean).join(', ');
  const bar = h('i', { style: { left: share(begun, scale), width: `max(2px, ${share(seconds, scale)})`, background: `var(--${tokens[short] ?? 'quiet'})` } });
  return h('div', { class: 'span', title: `${short}${where && ` · ${where}`}: ${duration(seconds)}, from ${duration(begun)}` },
    h('span', { class: 'name', style: { 'padding-left': `${12 * depth}px` } }, short, h('span', { class: 'quiet' }, where)),
    h('span', { class: 'track' }, bar), h('span', { class: 'took number' }, duration(seconds)));
}

const share = (time, scale) => `${100 * time / scale}%`;

const ticks = scale => h('div', { class: 'span scale', 'aria-hidden': 'true' }, h('span', { class: 'name' }), h('span', { class: 'track' },
  [0, 0.25, 0.5, 0.75, 1].map(at => h('small', { style: { left: `${100 * at}%` } }, at === 0 ? '0' : duration(at * scale)))), h('span', { class: 'took' }));
