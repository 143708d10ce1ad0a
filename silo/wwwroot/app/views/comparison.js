// Several runs on one chart.
import { chartCard } from '../card.js';
import { h, show } from '../dom.js';
import { nats } from '../format.js';
import { lookControls, lookFrom, zoom } from '../look.js';
import { isLikelihood, likelihood, lossName } from '../objective.js';
import { paced } from '../paced.js';
import { looksOf } from '../palette.js';
import { link } from '../router.js';
import { followRuns, idOf } from '../runs.js';
import { seriesOf } from '../series.js';
import { extremes, placed, resample, smooth } from '../smooth.js';

const places = 600; // of the axis that all runs share
const refresh = 5_000; // ms between two looks at runs that train
const atOnce = 6; // requests
const many = 24; // runs; of more, the trend alone is drawn, at half as many places

/** A chart of the runs that are chosen; without any it is not there. */
export function comparison(signal) {
  const [controls, note] = [lookControls({ hasTime: false }), h('span')];
  const chart = chartCard('Compared', { height: 320, aside: controls.element, onZoom: zoom, format: nats, note }, signal);
  const missing = h('div', { class: 'sentences' });
  const element = h('div', { class: 'comparison', hidden: true }, missing, chart.element);
  const [series, faults, asked, stale] = [new Map(), new Map(), new Set(), new Set()];
  let [ids, training, look, shown] = [[], [], null, null];

  function update(next, query) {
    look = lookFrom(query);
    const wish = JSON.stringify([next, look]);
    if (shown === wish) return; // something else of the address has changed
    shown = wish;
    controls.update(look);
    ids = next;
    element.hidden = ids.length === 0;
    const wanted = ids.filter(id => !series.has(id) && !asked.has(id));
    if (wanted.length > 0) fetchAll(wanted);
    else if (!element.hidden) draw();
  }

  /** Asks for curves, a few at once, and shows them with those that are there: a run that is gone holds up no other. */
  async function fetchAll(wanted) {
    const waiting = [...wanted];
    for (const id of wanted) asked.add(id);
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let id = waiting.shift(); id; id = waiting.shift()) await fetchOne(id);
    }));
    if (!signal.aborted && ids.length > 0) draw();
  }

  async function fetchOne(id) {
    try {
      series.set(id, await seriesOf(...split(id), signal));
      faults.delete(id);
    } catch (error) {
      faults.set(id, error.message);
    }
    asked.delete(id);
  }

  function draw() {
    show(missing, ids.filter(id => faults.has(id)).map(id => h('p', { class: 'sentence warn' }, `${id} ${series.has(id) ? 'is shown as it was' : 'is not shown'}: ${faults.get(id)}`)));
    const drawn = ids.filter(id => series.get(id)?.step.length > 1);
    const last = Math.max(1, ...drawn.map(id => series.get(id).step.at(-1)));
    const [from, to] = look.range ?? [0, last];
    const length = drawn.length > many ? places / 2 : places;
    const x = Array.from({ length }, (_, i) => from + (to - from) * i / (length - 1));
    const looks = looksOf(drawn.map(id => split(id)[0]));
    const lines = [];
    drawn.forEach((id, i) => lines.push(...curves(id, series.get(id), x, looks[i], look, lines.length, drawn.length > many)));
    chart.draw({ x, isLog: look.isLog, cutsTop: true, range: look.range, series: lines });
    show(note, `training loss, ${unitOf(drawn.map(id => series.get(id).objective))}; ${drawn.length > many ? `of more than ${many} runs the trend alone` : 'bands are from the lowest to the highest round, dots are validations'}`);
  }

  const again = paced(() => {
    const wanted = ids.filter(id => stale.delete(id));
    return wanted.length > 0 ? fetchAll(wanted) : null;
  }, refresh, signal);

  followRuns(runs => {
    const moving = runs.filter(({ phase }) => phase === 'training').map(idOf);
    const missed = runs.map(idOf).filter(id => faults.has(id));
    for (const id of [...training, ...moving, ...missed]) stale.add(id); // those too that have just come to an end
    training = moving;
    again();
  }, signal);
  return { element, update };
}

/** What the losses are, where they are the same; else each curve says it. */
function unitOf(objectives) {
  const names = new Set(objectives.map(lossName));
  return names.size > 1 ? `${lossName(likelihood)} where nothing else is said` : [...names].join();
}

function curves(id, { step, loss, lossMin, lossMax, validation, objective }, x, { token, dash }, { smoothing }, first, isPlain) {
  const [run, version] = split(id);
  const raw = resample(step, loss, x);
  const name = isLikelihood(objective) ? id : `${id}, ${lossName(objective)}`;
  const line = { label: name, href: link(['runs', run], { version }), values: smooth(raw, smoothing), token, dash, isNamed: true };
  if (isPlain) return [{ ...line, dash: undefined, width: 1 }]; // dashes cost a browser six times as much, and nobody tells three hundred apart
  const band = [
    { label: `${id} highest`, values: extremes(step, lossMax, x, Math.max), token, opacity: 0.14, fillTo: first + 1, isTabled: true },
    { label: `${id} lowest`, values: extremes(step, lossMin, x, Math.min), token, width: 0, isTabled: true },
  ];
  const faint = smoothing > 0 ? [{ label: `${id} as it was`, values: raw, token, opacity: 0.25, width: 1 }] : [];
  const dots = placed(validation.map(({ step: place }) => place), validation.map(({ nll }) => nll), x, (_, later) => later);
  return [...band, ...faint, line, { label: `${id} validation`, values: dots, token, width: 0, hasPoints: true, isTabled: true }];
}

/** Name and version; one without a version is the newest. */
function split(id) {
  const end = id.lastIndexOf('@');
  return end < 0 ? [id, null] : [id.slice(0, end), Number(id.slice(end + 1))];
}
