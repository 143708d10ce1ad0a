// What the losses of a run are of: the likelihood, in nats per row, or another objective, which has no unit and is measured against nothing else.
import { h } from './dom.js';
import { isNumber, nats } from './format.js';

export const likelihood = 'likelihood';

export const isLikelihood = objective => objective === likelihood;

/** What the losses are, in words. */
export const lossName = objective => isLikelihood(objective) ? 'nats per row' : `${objective} loss`;

/** A loss, and what it is of where that is not the likelihood. */
export const lossText = (value, objective) => isLikelihood(objective) || !isNumber(value) ? nats(value) : [nats(value), h('small', { class: 'quiet' }, ` ${objective}`)];
