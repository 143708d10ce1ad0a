// One run: where it is, and what can be done with it; its parts are tabs.
import { get, path, query, send } from '../api.js';
import { confirm } from '../confirm.js';
import { h, put, showOnce } from '../dom.js';
import { figures } from '../figures.js';
import { count, duration, none, rate } from '../format.js';
import { attempt } from '../notice.js';
import { lossText } from '../objective.js';
import { tokenOf } from '../palette.js';
import { isAtRest, newsOf, phaseBadge, secondsLeft, sentences } from '../phase.js';
import { lookOnly, mayChange } from '../role.js';
import { link } from '../router.js';
import { followRuns, idOf } from '../runs.js';
import { tabbed } from '../tabs.js';

const tabs = [
  { name: 'curves', title: 'Curves', load: () => import('./run-curves.js') },
  { name: 'rounds', title: 'Rounds', load: () => import('./run-rounds.js') },
  { name: 'plan', title: 'Plan and data', load: () => import('./run-plan.js') },
  { name: 'result', title: 'Result', load: () => import('./run-result.js') },
];

export async function open(root, at, signal) {
  const name = at.path[1];
  const [badge, actions, bad, versions] = [h('span'), h('div', { class: 'controls end' }), h('div', { class: 'sentences' }), h('nav', { class: 'versions', 'aria-label': 'Versions' })];
  const bar = h('progress', { 'aria-label': 'Steps done' });
  const numbers = figures([['step', 'step'], ['epoch', 'passes'], ['train', 'loss'], ['validation', 'validation'], ['best', 'best'], ['rows', 'rows/s'], ['workers', 'slots'], ['left', 'left']]);
  put(root, h('div', { class: 'title' }, h('h1', { class: 'run', style: { '--run': `var(--${tokenOf(name)})` } }, name), versions, badge, actions), bar, bad, numbers.element);

  const chosen = Number(at.query.get('version')) || null;
  const ask = () => get(path`api/v1/runs/${name}${query({ version: chosen })}`, signal); // which has more of a run at rest than the stream
  const isOperator = await mayChange();
  let shown = await ask();
  let newest = chosen === null ? shown.version : null; // till the list of runs is there

  function update(run) {
    shown = run;
    showOnce(badge, run.phase, () => phaseBadge(run.phase));
    showOnce(actions, `${run.phase} ${run.version === newest}`, () => buttons(run, run.version === newest, isOperator, update));
    showOnce(bad, JSON.stringify(newsOf(run)), () => sentences(run));
    bar.max = run.steps || 1;
    bar.value = run.step;
    bar.hidden = !(run.steps > 0) || isAtRest(run.phase);
    numbers.update(texts(run));
  }

  const follow = tabbed(root, ['runs', name], tabs, signal);
  update(shown);
  followRuns(runs => {
    const mine = runs.filter(({ run }) => run === name);
    newest = Math.max(newest, ...mine.map(({ version }) => version));
    const now = mine.find(({ version }) => version === (chosen ?? mine[0].version));
    showOnce(versions, mine.map(idOf).join(), () => mine.map(({ version }) => h('a', { href: link(['runs', name], { version }), 'aria-current': version === now?.version && 'true' }, `@${version}`)));
    if (now && now.version === shown.version && isAtRest(now.phase) && !isAtRest(shown.phase)) attempt(async () => update(await ask()), signal);
    else if (now) update(now.version === shown.version ? { ...shown, ...now } : now);
  }, signal);
  follow(at);
  return follow;
}

const texts = run => ({
  step: run.steps > 0 ? `${count(run.step)} of ${count(run.steps)}` : count(run.step), epoch: run.epoch > 0 ? run.epoch.toFixed(1) : none, train: lossText(run.trainNll, run.objective), validation: lossText(run.validationNll, run.objective),
  best: lossText(run.bestValidationNll, run.objective), rows: rate(run.rowsPerSecond || NaN), workers: count(!isAtRest(run.phase) && run.workers || NaN), left: duration(secondsLeft(run)),
});

/** What can be done with a run; the API pauses, cancels and resumes the newest version alone. */
function buttons(run, isNewest, isOperator, update) {
  if (run.phase === 'finished') return h('a', { class: 'button', href: link(['models', run.run], { version: run.version }) }, 'its model');
  if (!isNewest) return null;
  if (!isOperator) return lookOnly();
  return isAtRest(run.phase) ? button('resume', 'Resume', run, update) : [button('pause', 'Pause', run, update), button('cancel', 'Cancel', run, update)];
}

const says = {
  pause: 'It stops after the running round and keeps its checkpoint. Resume goes on from there, to the same bits.',
  cancel: 'It stops after the running round. Its checkpoint stays, so that it can still be resumed; its slots are free for others.',
  resume: 'It goes on from its last checkpoint with its newest plan.',
};

const button = (action, verb, { run }, update) => h('button', {
  onclick: () => confirm({ title: `${verb} ${run}?`, sentence: says[action], verb }, async () => update(await send('POST', path`api/v1/runs/${run}/${action}`))),
}, verb);
