// Which run had which slot, while this page was open.
import { on } from './live.js';

export const minutes = 5; // that are remembered

const lanes = new Map(); // slot -> [{ run, from, to }], `to` null of what it has now
const moves = []; // newest first
const mostMoves = 100;
let begun = null;

/** Watches from now on. */
export const record = () => on('cluster', ({ silos }) => note(silos, Date.now()));

/** The slots of a silo, each with the run that has it. */
export const slotsOf = ({ slots, holders }) => Array.from({ length: slots }, (_, index) => ({ index, run: holders[index] ?? null }));

/** When it began to watch; null before. */
export const since = () => begun;

/** What a slot did, oldest first. */
export const lane = (address, index) => lanes.get(place(address, index)) ?? [];

/** Slots that went from one run to another: `{ time, address, index, from, to }`, the newest first. */
export const recentMoves = () => moves;

function note(silos, now) {
  const present = new Map(silos.flatMap(silo => slotsOf(silo).map(({ index, run }) => [place(silo.address, index), { address: silo.address, index, run }])));
  for (const [slot, spans] of lanes) {
    if (present.has(slot)) continue;
    change(spans, null, now);
    if (spans.length === 0) lanes.delete(slot); // of a silo that is gone, and whose last run is forgotten
  }
  for (const [slot, { address, index, run }] of present) {
    if (!lanes.has(slot)) lanes.set(slot, Object.assign([], { address, index }));
    change(lanes.get(slot), run, now);
  }
  if (begun === null) [begun, moves.length] = [now, 0]; // what was there before is no move
}

function change(spans, run, now) {
  const current = spans.at(-1);
  if (current?.to === null && current.run === run) return;
  const before = current?.to === null ? current.run : null;
  if (current?.to === null) current.to = now;
  if (run !== null) spans.push({ run, from: now, to: null });
  if (before !== run) moves.unshift({ time: now, address: spans.address, index: spans.index, from: before, to: run });
  moves.length = Math.min(moves.length, mostMoves);
  while (spans.length > 0 && spans[0].to !== null && spans[0].to < now - minutes * 60_000) spans.shift();
}

const place = (address, index) => `${address} ${index}`;
