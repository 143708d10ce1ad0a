// Names and values below each other.
import { h } from './dom.js';

/** A list of `[name, value]`; those without a value are left out. */
export const facts = pairs => h('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== undefined && value !== null && value !== '').map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
