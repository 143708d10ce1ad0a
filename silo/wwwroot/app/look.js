// How curves are looked at: smoothing, logarithmic axis, steps or time, and the stretch in sight, all of it in the address.
import { h } from './dom.js';
import { look } from './router.js';

/** What an address says of it. */
export function lookFrom(query) {
  const number = name => query.has(name) && query.get(name) !== '' && Number.isFinite(Number(query.get(name))) ? Number(query.get(name)) : null;
  const [from, to] = [number('from'), number('to')];
  return {
    smoothing: Math.min(0.99, Math.max(0, number('smooth') ?? 0)),
    isLog: query.get('log') === '1',
    isTime: query.get('x') === 'time',
    range: from !== null && to !== null && from < to ? [from, to] : null,
  };
}

/** A stretch of the axis, for the address; null for all of it. */
export const zoom = (from, to) => look({ from: from && Math.floor(from), to: to && Math.ceil(to) });

/** Its controls; `update(look)` shows what the address says. */
export function lookControls({ hasTime = true } = {}) {
  const slider = h('input', { type: 'range', min: 0, max: 0.99, step: 0.01, id: 'smoothing', oninput: () => look({ smooth: Number(slider.value) || null }, { replace: true }) });
  const [log, time] = [toggle('log axis', ({ isLog }) => look({ log: isLog ? null : 1 })), toggle('by time', ({ isTime }) => look({ x: isTime ? null : 'time', from: null, to: null }))];
  const whole = h('button', { type: 'button', onclick: () => zoom(null, null) }, 'whole run');
  const element = h('div', { class: 'controls' }, h('label', { for: 'smoothing' }, 'smoothing'), slider, log.element, hasTime && time.element, whole);
  return {
    element,
    update: now => {
      slider.value = now.smoothing;
      log.update(now, now.isLog);
      time.update(now, now.isTime);
      whole.hidden = now.range === null;
    },
  };
}

function toggle(title, turn) {
  let now = null;
  const element = h('button', { type: 'button', class: 'toggle', onclick: () => turn(now) }, title);
  return {
    element,
    update: (next, isOn) => {
      now = next;
      element.setAttribute('aria-pressed', String(isOn));
    },
  };
}
