// The models, each with a stamp of its density.
import { get } from '../api.js';
import { card } from '../card.js';
import { h, put } from '../dom.js';
import { count, nats } from '../format.js';
import { failure } from '../notice.js';
import { link } from '../router.js';
import { followRuns, idOf } from '../runs.js';
import { table } from '../table.js';
import { thumbnail } from '../thumbnail.js';

const columns = [
  { name: 'stamp', spoken: 'density', class: 'stamp-cell', of: ({ weightsSha256 }) => weightsSha256, show: thumbnail },
  { name: 'model', title: 'model', of: ({ name, version, damage }) => `${name} ${version} ${damage ?? ''}`, show: named },
  { name: 'aliases', title: 'called', of: ({ aliases }) => aliases.join(' '), show: ({ aliases }) => aliases.map(alias => h('span', { class: 'alias' }, alias)) },
  { name: 'columns', title: 'columns', of: ({ columns: names, context }) => [names.join(', '), context.join(', ')].filter(Boolean).join(' given ') },
  { name: 'preset', title: 'preset', of: ({ preset }) => preset },
  { name: 'parameters', title: 'parameters', numeric: true, of: ({ parameters }) => parameters || null, show: ({ parameters }) => count(parameters || NaN) },
  { name: 'validation', title: 'validation', hint: 'nats per row', numeric: true, of: ({ validationNll }) => validationNll, show: ({ validationNll }) => nats(validationNll) },
  { name: 'gaussian', title: 'Gaussian', hint: 'a full-covariance Gaussian on the same rows', numeric: true, of: ({ gaussianNll }) => gaussianNll, show: ({ gaussianNll }) => nats(gaussianNll) },
  { name: 'gain', title: 'gain', hint: 'nats per row by which the flow is better', numeric: true, of: gain, show: model => nats(gain(model)) },
];

export async function open(root, _, signal) {
  const list = table(columns, { key: ({ name, version }) => `${name}@${version}`, label: 'Models', empty: 'No model yet; a run that finishes makes one.' });
  const number = h('span', { class: 'quiet' });
  put(root, h('div', { class: 'title' }, h('h1', {}, 'Models'), number), card('Models', { class: 'flush' }, list.element));
  let shown = null;
  const load = async () => {
    const { models } = await get('api/v1/models', signal);
    number.textContent = models.length;
    list.update(models);
  };
  await load();
  followRuns(runs => {
    const now = runs.filter(({ isPublished }) => isPublished).map(idOf).join();
    if (shown !== null && shown !== now) load().catch(error => !signal.aborted && put(root, failure(error)));
    shown = now;
  }, signal);
}

function gain({ gaussianNll, validationNll }) {
  return Number.isFinite(gaussianNll) && Number.isFinite(validationNll) ? gaussianNll - validationNll : null;
}

function named({ name, version, damage, isUnloaded }) {
  return [h('a', { href: link(['models', name], { version }), class: 'strong' }, name, h('span', { class: 'version' }, `@${version}`)), isUnloaded && h('span', { class: 'phase' }, 'unloaded'), damage && h('p', { class: 'sentence bad' }, damage)];
}
