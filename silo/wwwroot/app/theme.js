// Dark or light: as the system has it, until the person says otherwise, which is kept.
import { h } from './dom.js';
import { keeper } from './keep.js';

const chosen = keeper('localStorage', 'flowgrain-theme');
const system = matchMedia('(prefers-color-scheme: dark)');
const followers = new Set();
const probe = document.createElement('i');
const resolved = new Map(); // colours of the theme that is shown

export const isDark = () => (chosen.get() ?? (system.matches ? 'dark' : 'light')) === 'dark';

/** A colour of the style sheet, as canvases need it, with an opacity. */
export function color(name, opacity = 1) {
  const mix = `color-mix(in srgb, var(--${name}) ${100 * opacity}%, transparent)`;
  if (!resolved.has(mix)) {
    probe.style.color = mix;
    document.body.append(probe);
    resolved.set(mix, getComputedStyle(probe).color);
    probe.remove();
  }
  return resolved.get(mix);
}

/** Tells when colours have changed, until the signal. */
export function onTheme(listener, signal) {
  followers.add(listener);
  signal?.addEventListener('abort', () => followers.delete(listener));
}

/** The button that turns it over. */
export function themeButton() {
  const button = h('button', { class: 'icon', onclick: turn });
  const label = () => {
    button.textContent = isDark() ? '☀' : '☾';
    button.title = isDark() ? 'Light colours' : 'Dark colours';
    button.setAttribute('aria-label', button.title);
  };
  onTheme(label);
  label();
  return button;
}

function turn() {
  chosen.set(isDark() ? 'light' : 'dark');
  apply();
}

/** Applies what is chosen. */
export function apply() {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  resolved.clear();
  for (const follower of [...followers]) follower();
}

system.addEventListener('change', apply);
