// What a run came to.
import { get, path, query } from '../api.js';
import { card } from '../card.js';
import { h, put } from '../dom.js';
import { facts } from '../facts.js';
import { count, duration, rate } from '../format.js';
import { likelihoodNote, likelihoods } from '../likelihoods.js';
import { link } from '../router.js';

export async function open(root, at, signal) {
  const { result } = await get(path`api/v1/runs/${at.path[1]}/result${query({ version: at.query.get('version') })}`, signal);
  if (!result) return void put(root, h('p', { class: 'empty' }, 'It has not finished; its losses are among the curves.'));
  put(root, h('div', { class: 'columns two' },
    card('Likelihood', { note: likelihoodNote }, likelihoods(result)),
    card('Figures', {}, facts([
      ['model', h('a', { href: link(['models', result.model], { version: result.version }) }, `${result.model}@${result.version}`)],
      ['rows', count(result.rows)], ['rows left out', result.droppedRows ? count(result.droppedRows) : null], ['columns', result.dimension], ['parameters', count(result.parameters)], ['steps', count(result.steps)], ['passes', result.epochs?.toFixed(1)],
      ['rows a second', rate(result.rowsPerSecond)], ['time', duration(result.seconds)]]))),
  card('Identity', { note: 'the same plan on the same data comes to the same bits' }, facts([['weights, SHA-256', h('code', {}, result.weightsSha256)], ['computed by', result.deviceClass], ['folder', h('code', {}, result.path)]])));
}
