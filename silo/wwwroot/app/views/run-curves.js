// The curves of a run: loss with its validations, learning rate, pace, gradient, stragglers, and what happened on the way.
import { chartCard, card } from '../card.js';
import { h, put, show } from '../dom.js';
import { clock, count, figure, nats, rate } from '../format.js';
import { lookControls, lookFrom, zoom } from '../look.js';
import { failure } from '../notice.js';
import { lossName } from '../objective.js';
import { paced } from '../paced.js';
import { followRuns } from '../runs.js';
import { seriesOf, validationsAt } from '../series.js';
import { smooth } from '../smooth.js';

const pause = 2_000; // ms between two looks at a run that trains
const small = [
  { name: 'rowsPerSecond', title: 'Rows a second', format: rate, ticksAs: rate },
  { name: 'learningRate', title: 'Learning rate', format: value => figure(value, 3) },
  { name: 'gradientNorm', title: 'Gradient norm', format: value => figure(value, 3) },
  { name: 'straggler', title: 'Straggler ratio', note: 'the slowest shard of a round by the median', format: value => figure(value, 3) },
];

export async function open(root, at, signal) {
  const name = at.path[1];
  const controls = lookControls();
  const sync = `run ${name}`;
  const note = h('span');
  const loss = chartCard('Loss', { height: 340, sync, onZoom: zoom, format: nats, note, aside: controls.element }, signal);
  const charts = small.map(chart => ({ ...chart, ...chartCard(chart.title, { height: 150, sync, onZoom: zoom, format: chart.format, ticksAs: chart.ticksAs, note: chart.note }, signal) }));
  const events = h('ol', { class: 'marks' });
  const eventCard = card('What happened', {}, events);
  const fault = h('div');
  put(root, fault, loss.element, h('div', { class: 'columns two' }, charts.map(({ element }) => element)), eventCard);

  const version = at.query.get('version');
  let [look, series, seen] = [null, null, null];

  function draw() {
    const x = look.isTime ? series.time : series.step;
    const marks = series.marks.map(mark => ({ ...mark, at: look.isTime ? mark.time : mark.step, token: tokenOfMark(mark) }));
    const common = { x, isTime: look.isTime, range: look.range, marks };
    show(note, lossName(series.objective));
    loss.draw({ ...common, isLog: look.isLog, cutsTop: true, series: lossSeries(series, look) });
    for (const { name: which, title, draw: drawSmall } of charts)
      drawSmall({ ...common, series: smallSeries(series, which, title) });
    show(events, ...[...series.marks].reverse().map(event));
    eventCard.hidden = series.marks.length === 0;
  }

  const ask = paced(async () => {
    try {
      series = await seriesOf(name, version, signal);
      fault.replaceChildren();
      draw();
    } catch (error) {
      if (!signal.aborted) fault.replaceChildren(failure(error));
    }
  }, pause, signal);

  function changed({ query }) {
    look = lookFrom(query);
    controls.update(look);
    if (series) draw();
  }

  followRuns(runs => {
    const now = runs.find(({ run, version: other }) => run === name && (version === null || Number(version) === other));
    if (now && (now.step !== seen?.step || now.phase !== seen.phase)) ask();
    seen = now;
  }, signal);
  changed(at);
  ask();
  return changed;
}

function lossSeries({ loss, lossMin, lossMax, ...series }, { smoothing }) {
  const isSmooth = smoothing > 0;
  return [
    ...band(lossMin, lossMax, loss, 'series-0'),
    { label: isSmooth ? 'as it was' : 'training', values: loss, token: 'series-0', opacity: isSmooth ? 0.35 : 1, width: isSmooth ? 1 : 1.5, isNamed: !isSmooth, isTabled: true },
    ...isSmooth ? [{ label: 'training', values: smooth(loss, smoothing), token: 'series-0', width: 2, isNamed: true }] : [],
    { label: 'validation', values: validationsAt(series), token: 'series-1', width: 1.5, dash: [6, 3], hasPoints: true, isNamed: true },
  ];
}

/** A value a point, with the least and the greatest of its rounds where the silo has them; some values are the greatest already. */
function smallSeries(series, name, label) {
  const values = series[name].length > 0 ? series[name] : series.step.map(() => null);
  return [...band(series[`${name}Min`], series[`${name}Max`] ?? values, values, 'accent'), { label, values, token: 'accent', width: 1, isNamed: true }];
}

/** What lies between the least and the greatest, as the first two series of a chart; nothing where they are not there. */
const band = (low, high, values, token) => values.length === 0 || [low, high].some(({ length }) => length !== values.length) ? [] : [
  { label: 'highest', values: high, token, opacity: 0.16, fillTo: 1, isTabled: true }, { label: 'lowest', values: low, token, width: 0, isTabled: true }];

const usual = new Set(['started', 'moved', 'stopped', 'published']); // the other marks are faults

const tokenOfMark = ({ kind }) => usual.has(kind) ? 'quiet' : 'bad';

const wordsOf = kind => kind.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

const event = ({ time, step, kind, sentence }) => h('li', {},
  h('time', {}, time ? clock(new Date(1000 * time)) : ''), h('span', { class: 'number quiet' }, `step ${count(step)}`), h('span', { class: `kind ${tokenOfMark({ kind })}` }, wordsOf(kind)), h('span', {}, sentence));
