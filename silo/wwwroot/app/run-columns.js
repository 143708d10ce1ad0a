// What a line of a list of runs says.
import { lossOf } from './curves.js';
import { h } from './dom.js';
import { count, day, duration, rate } from './format.js';
import { lossText } from './objective.js';
import { tokenOf } from './palette.js';
import { newsOf, phaseBadge, secondsLeft, sentences } from './phase.js';
import { link } from './router.js';
import { forgetGone, idOf } from './runs.js';
import { sparkline } from './sparkline.js';

/** The columns; sparklines live as long as the signal. */
export function runColumns(signal) {
  const sparks = new Map();
  forgetGone(sparks, signal);
  const spark = run => {
    const id = idOf(run);
    const before = sparks.get(id) ?? sparkline({ token: tokenOf(run.run), label: `The loss of ${run.run}`, points: () => lossOf(sparks.get(id).run, before.redraw) }, signal);
    sparks.set(id, Object.assign(before, { run }));
    before.redraw();
    return before.element;
  };
  return [
    { name: 'run', title: 'run', of: run => [run.run, String(run.version).padStart(6, '0'), ...newsOf(run)].join('\n'), show: name },
    { name: 'phase', title: 'phase', of: ({ phase }) => phase, show: ({ phase }) => phaseBadge(phase) },
    { name: 'loss', spoken: 'curve', class: 'curve', of: run => run.sequence ?? run.step, show: spark },
    { name: 'train', title: 'loss', hint: 'on the rows of the last rounds; nats per row where nothing else is said', numeric: true, of: ({ trainNll }) => trainNll, show: ({ trainNll, objective }) => lossText(trainNll, objective) },
    { name: 'validation', title: 'validation', hint: 'the best so far; nats per row where nothing else is said', numeric: true, of: run => run.bestValidationNll, show: run => lossText(run.bestValidationNll, run.objective) },
    { name: 'rows', title: 'rows/s', numeric: true, of: ({ rowsPerSecond }) => rowsPerSecond, show: ({ rowsPerSecond }) => rate(rowsPerSecond || NaN) },
    { name: 'progress', title: 'steps', numeric: true, of: ({ step, steps }) => steps > 0 ? step / steps : step, show: progress },
    { name: 'eta', title: 'left', numeric: true, of: run => secondsLeft(run), show: run => duration(secondsLeft(run)) },
    { name: 'workers', title: 'slots', numeric: true, of: ({ workers }) => workers || null, show: ({ workers }) => count(workers || NaN) },
    { name: 'preset', title: 'preset', of: ({ preset }) => preset ?? null },
    { name: 'begun', title: 'begun', class: 'moment', of: ({ begun }) => begun, show: ({ begun }) => day(begun) },
  ];
}

const name = run => [
  h('a', { href: link(['runs', run.run], { version: run.version }), class: 'run', style: { '--run': `var(--${tokenOf(run.run)})` } }, run.run, h('span', { class: 'version' }, `@${run.version}`)),
  sentences(run),
];

const progress = ({ step, steps, phase }) => steps > 0 && phase !== 'finished'
  ? h('span', { class: 'progress', title: `${count(step)} of ${count(steps)} steps` }, h('progress', { max: steps, value: step, 'aria-label': 'steps done' }), `${Math.floor(100 * step / steps)} %`)
  : count(step);
