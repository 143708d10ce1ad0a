// What a run is doing, in a word with a colour, and what there is to say about it, in sentences.
import { h } from './dom.js';

const resting = new Set(['idle', 'finished', 'stopped', 'failed']);

/** Whether nothing more will come without another start. */
export const isAtRest = phase => resting.has(phase);

/** The word. */
export const phaseBadge = phase => h('span', { class: `phase ${phase}` }, phase);

/** Bad news of a run and other things to know, worst first: `[sentence, kind]` each. */
export const newsOf = run => [
  [run.failure, 'bad'], [run.isStale && 'It does not answer; what is shown of it is from before.', 'warn'], [run.waiting, 'warn'], [run.without, 'warn'], [run.atRisk, 'warn'], [run.overQuota, 'warn'], [run.advice, 'hint'],
].filter(([sentence]) => sentence);

/** The same, a paragraph each. */
export const sentences = run => newsOf(run).map(([sentence, kind]) => h('p', { class: `sentence ${kind}` }, sentence));

/** Seconds until a run has done its steps, at the pace that it has had; null before that is known. */
export function secondsLeft({ phase, steps, step, resumedAtStep, seconds }) {
  const done = step - (resumedAtStep ?? 0);
  return phase === 'training' && steps > 0 && done > 0 && seconds > 1 ? (steps - step) * seconds / done : null;
}
