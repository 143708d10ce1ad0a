// The slots of every silo, each with the run that has it and those that had it in the last minutes.
import { canvas, pen, resize } from './canvas.js';
import { h, show } from './dom.js';
import { lane, minutes, since, slotsOf } from './leases.js';
import { tokenOf } from './palette.js';
import { link } from './router.js';
import { color, onTheme } from './theme.js';
import { whenVisible } from './visible.js';

const laneHeight = 14;
const leastShown = 60_000; // ms; the lanes of a page that was just opened are not stretched further

/** The address of a silo as people know it. */
export const siloName = address => address.replace(/^S/, '').replace(/[:@]\d{6,}$/, '');

/** Lanes; `update(silos)` shows them as they are now. */
export function slotLanes(signal) {
  const element = h('div', { class: 'slots' });
  const silos = new Map();
  return {
    element,
    update: next => {
      for (const silo of next) {
        if (!silos.has(silo.address)) silos.set(silo.address, siloRows(silo.address, signal));
        silos.get(silo.address).update(silo);
      }
      const gone = [...silos.keys()].filter(address => !next.some(silo => silo.address === address));
      for (const address of gone) silos.delete(address);
      const wanted = next.map(({ address }) => silos.get(address).element);
      if (wanted.some((row, i) => element.children[i] !== row) || element.children.length !== wanted.length) show(element, ...wanted);
    },
  };
}

function siloRows(address, signal) {
  const [facts, rows] = [h('span', { class: 'quiet' }), h('div', { class: 'lanes' })];
  const slots = [];
  return {
    element: h('div', { class: 'silo' }, h('header', {}, h('b', {}, siloName(address)), facts), rows),
    update: silo => {
      show(facts, [silo.version?.split('+')[0], ...silo.deviceClasses ?? []].filter(Boolean).join(' · '));
      while (slots.length < silo.slots) {
        slots.push(slotRow(address, slots.length, signal));
        rows.append(...slots.at(-1).cells);
      }
      for (const { index, run } of slotsOf(silo)) slots[index].update(run);
    },
  };
}

function slotRow(address, index, signal) {
  const holder = h('span', { class: 'holder' });
  const picture = canvas(10, laneHeight, { 'aria-hidden': 'true' });
  const track = h('div', { class: 'lane' }, picture);
  const redraw = whenVisible(track, () => {
    resize(picture, track.clientWidth, laneHeight);
    draw(pen(picture), track.clientWidth, lane(address, index));
  });
  onTheme(redraw, signal);
  let shown;
  return {
    cells: [h('span', { class: 'index' }, index), holder, track],
    update: run => {
      if (shown !== run) show(holder, run ? h('a', { href: link(['runs', run]), class: 'run', style: { '--run': `var(--${tokenOf(run)})` } }, run) : h('span', { class: 'quiet' }, 'idle'));
      shown = run;
      redraw();
    },
  };
}

function draw(context, width, spans) {
  const now = Date.now();
  const watched = now - (since() ?? now);
  const shown = Math.min(minutes * 60_000, Math.max(leastShown, watched));
  const x = time => Math.max(0, width * (1 - (now - time) / shown));
  context.fillStyle = color('raised');
  context.fillRect(x(now - watched), 0, width, laneHeight);
  for (const { run, from, to } of spans) {
    context.fillStyle = color(tokenOf(run));
    context.fillRect(x(from), 0, Math.max(1, x(to ?? now) - x(from) - (to ? 1 : 0)), laneHeight);
  }
}
