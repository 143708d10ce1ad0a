// What versions of a model are called, which requests they get, and how that came about.
import { path, send } from '../api.js';
import { card } from '../card.js';
import { confirm } from '../confirm.js';
import { h, put, show } from '../dom.js';
import { day } from '../format.js';
import { lookOnly, mayChange } from '../role.js';
import { link } from '../router.js';
import { table } from '../table.js';

const says = {
  pointed: ({ alias, version }) => `${alias} names version ${version}`,
  rolledBack: ({ alias, version }) => `${alias} names version ${version} again`,
  removed: ({ alias }) => `${alias} was removed`,
  deleted: ({ version }) => `version ${version} was deleted`,
  split: ({ alias, perMille }) => `${alias} answers ${perMille} of 1,000 requests`,
  shadowed: ({ alias, perMille }) => `${alias} computes ${perMille} of 1,000 requests beside the champion`,
  unsplit: () => 'the champion has all requests again',
  unloaded: () => 'it answers no requests',
  loaded: () => 'it answers requests again',
};

/** Shows what `registry` tells, which hears of changes that are made here. */
export async function open(root, _, signal, model, registry) {
  const [traffic, history, isOperator] = [h('p'), h('ol', { class: 'marks history' }), await mayChange()];
  const aliases = table([
    { name: 'alias', title: 'alias', of: ({ alias }) => alias, show: ({ alias }) => h('span', { class: 'alias' }, alias) },
    { name: 'version', title: 'version', numeric: true, of: ({ version }) => version, show: ({ version }) => h('a', { href: link(['models', model.name], { version }) }, `@${version}`) },
    { name: 'actions', spoken: 'actions', class: 'number', of: ({ alias, version }) => `${alias} ${version}`, show: row => isOperator ? actions(row) : '' },
  ], { key: ({ alias }) => alias, label: 'Aliases', empty: 'No version has a name; the newest answers.' });
  const add = !isOperator ? lookOnly() : h('button', { onclick: () => point('', model.version) }, 'Name a version');
  put(root, h('div', { class: 'columns two' }, card('Aliases', { aside: add }, aliases.element, traffic), card('History', {}, history)));

  function update({ aliases: named, traffic: rule, isUnloaded, history: changes }) {
    aliases.update(Object.entries(named).map(([alias, version]) => ({ alias, version })));
    show(traffic, isUnloaded ? 'It is unloaded and answers no requests.' : rule ? `${rule.alias} ${rule.isShadow ? 'computes' : 'answers'} ${rule.perMille} of 1,000 requests that name no version${rule.isShadow ? ', beside the champion' : ''}.` : '');
    show(history, ...[...changes].reverse().map(change => h('li', {}, h('time', {}, day(change.time)), h('span', {}, says[change.kind]?.(change) ?? change.kind), h('span', { class: 'quiet' }, change.by ?? ''))));
    if (changes.length === 0) show(history, h('li', { class: 'empty' }, 'Nothing has changed yet.'));
  }

  function actions({ alias, version }) {
    return h('div', { class: 'controls end' }, h('button', { onclick: () => point(alias, version) }, 'Move'),
      button('Roll back', alias, 'It will name the version that it named before, once every silo has loaded and tested that.', () => send('POST', path`api/v1/models/${model.name}/aliases/${alias}/rollback?from=${version}`)),
      button('Remove', alias, alias === 'champion' ? 'The newest version will answer requests that name none.' : 'Requests that ask for it will be refused.', () => send('DELETE', path`api/v1/models/${model.name}/aliases/${alias}`)));
  }

  const button = (verb, alias, sentence, work) => h('button', { class: 'quiet', onclick: () => confirm({ title: `${verb} ${alias}?`, sentence, verb }, async () => registry.tell(await work())) }, verb);

  function point(alias, version) {
    confirm({
      title: alias ? `Move ${alias}?` : 'Name a version', verb: alias ? 'Move' : 'Name it',
      sentence: 'Every silo loads the version and computes its golden rows before the alias moves; no request waits or fails.',
      fields: [
        !alias && [h('label', { for: 'alias-name' }, 'Alias'), h('input', { id: 'alias-name', name: 'alias', required: true, placeholder: 'champion', autocomplete: 'off' })],
        h('label', { for: 'alias-version' }, 'Version'), h('input', { id: 'alias-version', name: 'version', required: true, value: version, autocomplete: 'off' }),
      ].flat().filter(Boolean),
    }, async form => registry.tell(await send('PUT', path`api/v1/models/${model.name}/aliases/${alias || form.get('alias')}`, { version: form.get('version'), ...alias && { expected: version } })));
  }

  registry.follow(update, signal);
  await registry.ask();
}
