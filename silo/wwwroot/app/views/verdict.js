// What a model says of a row, and which of its columns are why.
import { extentOf, valueText } from '../axes.js';
import { card } from '../card.js';
import { h } from '../dom.js';
import { figures } from '../figures.js';
import { figure, nats, percent } from '../format.js';

/** Panels with the figures, and a bar for each column; `rate` is the share of usual rows that was to be flagged. */
export function verdict(model, values, rate, { log_prob: [logProb], typicality: [typicality], latent_norm: [norm], p_value: [p], flagged: [isFlagged], explanation, explanation_error: errors }) {
  const numbers = figures([['log', 'log-density, nats'], ['p', 'p-value'], ['typicality', 'typicality'], ['norm', 'latent norm']]);
  numbers.update({ log: nats(logProb), p: p != null && p < 0.01 ? figure(p, 2) : percent(p), typicality: figure(typicality, 3), norm: figure(norm, 3) });
  const sentence = isFlagged == null ? 'Nobody can tell: a value is missing or not finite.' : isFlagged ? `Unusual: less likely than ${figure(100 * (1 - rate))} in 100 of the rows that the model was not trained on.` : 'Usual, among the rows that the model was not trained on.';
  return [
    card('Verdict', { aside: h('span', { class: `phase ${isFlagged ? 'failed' : isFlagged == null ? 'idle' : 'finished'}` }, isFlagged ? 'flagged' : isFlagged == null ? 'not judged' : 'not flagged') }, numbers.element, p != null && position(p), h('p', { class: 'quiet' }, sentence)),
    explanation ? card('Why', { note: 'log-density of each column given the others, nats; whiskers are its error' }, reasons(model, values, explanation, errors)) : '',
  ];
}

/** Where the row stands among others, from the most unusual to the most likely. */
const position = p => h('div', { class: 'position' }, h('div', { class: 'track' }, h('i', { style: { left: `${100 * Math.min(1, Math.max(0, p))}%` } })), h('span', { class: 'quiet' }, 'most unusual'), h('span', { class: 'quiet' }, 'most likely'));

function reasons(model, values, shares, errors) {
  const order = shares.map((_, i) => i).sort((a, b) => shares[a] - shares[b]);
  const [low, high] = [Math.min(0, ...shares.map((share, i) => share - errors[i])), Math.max(0, ...shares.map((share, i) => share + errors[i]))];
  const at = value => 100 * (value - low) / (high - low || 1);
  return h('div', { class: 'reasons' }, order.map((column, rank) => {
    const [share, error, name] = [shares[column], errors[column], model.columns[column]];
    return [h('span', {}, name, h('span', { class: 'quiet' }, ` ${valueText(extentOf(model, name), values[column])}`)),
      h('span', { class: 'track' },
        h('i', { class: rank === 0 && share < 0 ? 'worst' : null, style: { left: `${Math.min(at(0), at(share))}%`, width: `${Math.abs(at(share) - at(0))}%` } }),
        h('i', { class: 'whisker', style: { left: `${at(share - error)}%`, width: `${at(share + error) - at(share - error)}%` } })),
      h('b', { class: 'number' }, nats(share), h('span', { class: 'quiet' }, ` ± ${figure(error, 1)}`))];
  }));
}
