// Line charts over steps or time: uPlot in the colours of the page, with marks on the axis, bands, and one cursor for all charts of a view.
import uPlot from '../vendor/uplot-1.6.32/uPlot.esm.js';
import { endOfBeginning } from './beginning.js';
import { steer } from './chart-keys.js';
import { dateMarks, datesBetween } from './dates.js';
import { figure, mark, timeMarks } from './format.js';
import { color, onTheme } from './theme.js';

const font = '11px "Inter Variable", system-ui, sans-serif';
const axisWidth = 64;
const dateWidth = 90; // pixels, with the air around it
const air = 0.06; // of the stretch of the values, above and below them
const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];
const mostPoints = 24; // curves whose values the cursor shows; each more costs time at every move

/**
 * A chart in a root element.
 * @param options `height` in pixels; `sync` names charts with one cursor; `onZoom(from, to)` hears of a stretch that was drawn with the pointer, of null after a double click;
 * `onHover(index)` hears where the cursor is, null outside; `ticksAs` writes values of the y axis, which begins at zero where the chart is one of `amounts` and has whole marks alone where they are `whole`.
 */
export function lineChart(root, { height, sync, onZoom, onHover, ticksAs = tick => figure(tick, 6), amounts = null }, signal) {
  let [plot, shape, picture] = [null, null, null];

  /**
   * Shows `{ x, axis, isTime, isLog, cutsTop, range, marks, series: [{ label, values, token, opacity, width, dash, hasPoints, fillTo }] }`; `fillTo` is the series with which it bounds a band, `axis` the column that `x` is of.
   * @returns the greatest value of the first steps where that lies beyond the upper edge, else null.
   */
  function draw(next) {
    picture = next;
    const nextShape = JSON.stringify([next.isTime, next.isLog, next.axis?.isDate, next.series.map(({ label, width, dash, hasPoints, fillTo, token }) => [label, width, dash, hasPoints, fillTo, token])]);
    if (nextShape === shape) plot.setData(data());
    else build();
    shape = nextShape;
    return beyond(next);
  }

  function build() {
    plot?.destroy();
    plot = new uPlot(options(), data(), root);
  }

  const data = () => [picture.x, ...picture.series.map(({ values }) => values)];

  const options = () => ({
    width: root.clientWidth || 600,
    height,
    legend: { show: false },
    cursor: {
      sync: sync && { key: sync, setSeries: false },
      drag: { x: !!onZoom, y: false, setScale: false },
      points: { show: picture.series.length <= mostPoints, size: 6, width: 0, fill: (_, i) => ink(picture.series[i - 1]) },
      bind: { dblclick: () => () => onZoom?.(null, null) },
    },
    scales: {
      x: { time: !!picture.isTime, range: (_, low, high) => picture.range ?? (low === null ? [0, 1] : low === high ? [low, low + 1] : [low, high]) },
      y: { distr: picture.isLog ? isPositive(picture) ? 3 : 4 : 1, range: (_, low, high) => amounts ? [0, (1 + air) * (high || 1)] : yRange(picture, low, high) },
    },
    axes: [axis({ size: 28, ...marksAlong(picture) }), axis({ size: axisWidth, space: 26, incrs: amounts === 'whole' ? wholeSteps : undefined, values: (_, ticks) => ticks.map(tick => tick === null ? '' : ticksAs(tick)) })],
    series: [{}, ...picture.series.map(line)],
    bands: picture.series.flatMap((series, i) => series.fillTo === undefined ? [] : [{ series: [i + 1, series.fillTo + 1], fill: () => ink(series) }]),
    hooks: {
      setSelect: [u => {
        if (u.select.width > 0) onZoom?.(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
        u.setSelect({ width: 0, height: 0 }, false);
      }],
      setCursor: [u => onHover?.(u.cursor.left >= 0 ? u.cursor.idx : null)],
      draw: [u => drawMarks(u, picture.marks ?? [])],
    },
  });

  const fit = new ResizeObserver(() => plot && root.clientWidth > 0 && root.clientWidth !== plot.width && plot.setSize({ width: root.clientWidth, height }));
  fit.observe(root);
  steer(root, () => plot, onZoom);
  onTheme(() => picture && build(), signal);
  signal?.addEventListener('abort', () => { fit.disconnect(); plot?.destroy(); });
  return { draw };
}

const axis = more => ({ font, stroke: () => color('quiet'), grid: { stroke: () => color('grid'), width: 1 }, ticks: { show: false }, gap: 8, ...more });

const marksAlong = ({ isTime, axis: along }) => isTime ? { values: (_, moments) => timeMarks(moments), space: 70 } : along?.isDate
  ? { splits: (plot, _, low, high) => datesBetween(low, high, plot.width / dateWidth), values: (_, days) => dateMarks(days) }
  : { values: (_, ticks) => ticks.map(mark) };

const edge = 0.5; // opacity of the upper edge of a band: a spike of one point is too thin for the band itself

/** A gap stays one, but between validations, which are few and whose line shows the way; a value that stands alone is a point. */
const line = series => ({
  label: series.label,
  stroke: isLine(series) ? () => ink(series) : series.fillTo !== undefined ? () => color(series.token, edge) : null,
  width: series.width ?? (series.fillTo === undefined ? 1.5 : 1),
  dash: series.dash,
  spanGaps: !!series.hasPoints,
  points: { show: !!series.hasPoints, filter: isLine(series) && !series.hasPoints ? (u, i) => alone(u.data[i]) : null, size: 5, width: 0, fill: () => ink(series) },
});

const isLine = ({ fillTo, width }) => fillTo === undefined && width !== 0;

/** The indices of values between two gaps; null without any. */
function alone(values) {
  const found = [];
  for (let i = 0; i < values.length; i++) if (isThere(values[i]) && !isThere(values[i - 1]) && !isThere(values[i + 1])) found.push(i);
  return found.length > 0 ? found : null;
}

const isThere = value => value !== null && value !== undefined;

const ink = ({ token, opacity }) => color(token, opacity);

const isPositive = ({ series }) => series.every(({ values }) => values.every(value => value === null || value > 0));

/** The stretch of the values in sight; of a linear chart that `cutsTop` the first steps may lie beyond the upper edge, and nothing else does. */
function yRange(picture, low, high) {
  if (low === null) return [0, 1];
  if (picture.isLog && isPositive(picture)) return [low / 1.05, high * 1.05];
  const most = cuts(picture) ? greatest(picture, endOfBeginning(picture.x)) ?? high : high;
  const margin = air * (most - low || Math.abs(most) || 1);
  return [low - margin, most + margin];
}

const cuts = ({ isLog, cutsTop, range }) => cutsTop && !isLog && !range;

function beyond(picture) {
  if (!cuts(picture)) return null;
  const begin = endOfBeginning(picture.x);
  const [early, late] = [greatest(picture, 0, begin), greatest(picture, begin)];
  return early !== null && late !== null && early > late ? early : null;
}

/** The greatest value of all series between two indices; null without any. */
function greatest({ series, x }, from, to = x.length) {
  let most = -Infinity;
  for (const { values } of series) for (let i = from; i < to; i++) if (isThere(values[i]) && values[i] > most) most = values[i];
  return most > -Infinity ? most : null;
}

function drawMarks(u, marks) {
  const { left, top, width, height } = u.bbox;
  const context = u.ctx;
  context.save();
  context.lineWidth = devicePixelRatio;
  for (const { at, token } of marks) {
    const x = Math.round(u.valToPos(at, 'x', true));
    if (x < left || x > left + width) continue;
    context.strokeStyle = context.fillStyle = color(token);
    context.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    const half = 4 * devicePixelRatio;
    context.beginPath();
    context.moveTo(x - half, top);
    context.lineTo(x + half, top);
    context.lineTo(x, top + 1.6 * half);
    context.fill();
  }
  context.restore();
}
