// The page for people that a run wrote about its model.
import { ask, path, query } from '../api.js';
import { card } from '../card.js';
import { h, put } from '../dom.js';
import { facts } from '../facts.js';
import { likelihoodNote, likelihoods } from '../likelihoods.js';
import { markdown } from '../markdown.js';

export async function open(root, _, signal, model) {
  const text = await (await ask(path`api/v1/models/${model.name}/card${query({ version: model.version })}`, { signal })).text();
  put(root, h('div', { class: 'columns beside' },
    card('Card', {}, h('article', { class: 'prose' }, markdown(text))),
    h('div', { class: 'stack' },
      card('Likelihood', { note: likelihoodNote }, likelihoods(model)),
      card('Identity', {}, facts([['weights, SHA-256', h('code', {}, model.weightsSha256)], ['folder', h('code', {}, model.path)]])))));
}
