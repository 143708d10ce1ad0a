// One version of a model: what it is called, and in tabs what it has learned.
import { get, path, query } from '../api.js';
import { h, put, show } from '../dom.js';
import { figures } from '../figures.js';
import { count, figure, nats } from '../format.js';
import { registryOf } from '../registry.js';
import { link, route } from '../router.js';
import { followRuns } from '../runs.js';
import { stage } from '../stage.js';
import { tabbed } from '../tabs.js';

/** Shows the version that the address names, else the one that answers: a newer one takes its place when it is published. */
export async function open(root, at, signal) {
  const opened = stage(root, signal);
  let published = 0; // the version that came while this was looked at
  const follow = now => opened(published, now, over => {
    root.replaceChildren();
    return openVersion(root, now, over, version => {
      published = version;
      follow(route());
    });
  });
  await follow(at);
  return follow;
}

async function openVersion(root, at, signal, replace) {
  const name = at.path[1];
  const model = await get(path`api/v1/models/${name}${query({ version: at.query.get('version') })}`, signal);
  const registry = registryOf(name, signal);
  const [versions, called, unloaded] = [h('nav', { class: 'versions', 'aria-label': 'Versions' }), h('span', { class: 'called' }), h('div')];
  const numbers = figures([['validation', 'validation'], ['gaussian', 'Gaussian'], ['train', 'training'], ['parameters', 'parameters'], ['error', 'round trip']]);
  numbers.update({ validation: nats(model.validationNll), gaussian: nats(model.gaussianNll), train: nats(model.trainNll), parameters: count(model.parameters || NaN), error: figure(model.roundTripError, 2) });
  put(root,
    h('div', { class: 'title' }, h('h1', {}, name), versions, called, h('span', { class: 'quiet' }, describe(model)),
      h('div', { class: 'controls end' }, h('a', { class: 'button', href: link(['try'], { model: name, version: model.version }) }, 'try it'), h('a', { class: 'button', href: link(['runs', name], { version: model.version }) }, 'its run'))),
    unloaded, model.damage && h('p', { class: 'failure' }, model.damage), numbers.element);
  const title = (names, isUnloaded) => {
    show(called, ...names.map(alias => h('span', { class: 'alias' }, alias)));
    show(unloaded, isUnloaded && h('p', { class: 'sentence warn' }, 'It is unloaded, and answers no requests.'));
  };
  title(model.aliases ?? [], model.isUnloaded);
  registry.follow(({ aliases: named, isUnloaded }) => title(Object.keys(named).filter(alias => named[alias] === model.version), isUnloaded), signal);
  listVersions(model, versions, signal).catch(() => show(versions, h('span', { class: 'quiet' }, `@${model.version}`)));

  const tab = (tabName, title, load) => ({ name: tabName, title, load, more: [model, registry] });
  const follow = tabbed(root, ['models', name], [
    ...model.damage ? [] : [tab('density', 'Density', () => import('./model-density.js'))],
    ...model.columns.length > 1 ? [tab('samples', 'Samples and data', () => import('./model-samples.js')), tab('layers', 'Layers', () => import('./model-layers.js'))] : [],
    tab('card', 'Card', () => import('./model-card.js')), tab('versions', 'Versions and aliases', () => import('./model-aliases.js')), tab('serving', 'Serving', () => import('./model-serving.js'))], signal);
  let newest = null; // that is published; null till the runs are known
  followRuns(runs => {
    const made = runs.find(({ run, isPublished }) => run === name && isPublished)?.version ?? 0;
    if (newest !== null && made > newest && !route().query.get('version')) replace(made);
    newest = made;
  }, signal);

  follow(at);
  return follow;
}

const describe = ({ columns, context, preset }) => `${[columns.join(', '), context.join(', ')].filter(Boolean).join(' given ')} · ${preset}`;

async function listVersions({ name, version }, place, signal) {
  const { versions } = await get(path`v2/models/${name}`, signal);
  show(place, ...versions.map(other => h('a', { href: link(['models', name], { version: other }), 'aria-current': Number(other) === version && 'true' }, `@${other}`)));
}
