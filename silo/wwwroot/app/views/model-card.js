// The page for people that a run wrote about its model.
import { ask, path, query } from '../api.js';
import { card } from '../card.js';
import { h, put } from '../dom.js';
import { facts } from '../facts.js';
import { markdown } from '../markdown.js';

export async function open(root, _, signal, model) {
  const text = await (await ask(path`api/v1/models/${model.name}/card${query({ version: model.version })}`, { signal })).text();
  put(root,
    card('Card', {}, h('article', { class: 'prose' }, markdown(text))),
    card('Identity', {}, facts([['weights, SHA-256', h('code', {}, model.weightsSha256)], ['folder', h('code', {}, model.path)]])));
}
