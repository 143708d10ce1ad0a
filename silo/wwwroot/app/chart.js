// Line charts over steps or time: uPlot in the colours of the page, with marks on the axis, bands, and one cursor for all charts of a view.
import uPlot from '../vendor/uplot-1.6.32/uPlot.esm.js';
import { dateMarks, datesBetween } from './dates.js';
import { figure, mark, timeMarks } from './format.js';
import { stretch } from './sparkline.js';
import { color, onTheme } from './theme.js';

const font = '11px "Inter Variable", system-ui, sans-serif';
const axisWidth = 64;
const dateWidth = 90; // pixels, with the air around it
const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];
const mostPoints = 24; // curves whose values the cursor shows; each more costs time at every move

/**
 * A chart in a root element.
 * @param options `height` in pixels; `sync` names charts with one cursor; `onZoom(from, to)` hears of a stretch that was drawn with the pointer, of null after a double click;
 * `onHover(index)` hears where the cursor is, null outside; `ticksAs` writes values of the y axis, which begins at zero where the chart is one of `amounts` and has whole marks alone where they are `whole`.
 */
export function lineChart(root, { height, sync, onZoom, onHover, ticksAs = tick => figure(tick, 6), amounts = null }, signal) {
  let [plot, shape, picture] = [null, null, null];

  /** Shows `{ x, axis, isTime, isLog, cutsTop, range, marks, series: [{ label, values, token, opacity, width, dash, hasPoints, fillTo }] }`; `fillTo` is the series with which it bounds a band, `axis` the column that `x` is of. */
  function draw(next) {
    picture = next;
    const nextShape = JSON.stringify([next.isTime, next.isLog, next.axis?.isDate, next.series.map(({ label, width, dash, hasPoints, fillTo, token }) => [label, width, dash, hasPoints, fillTo, token])]);
    if (nextShape === shape) plot.setData(data());
    else build();
    shape = nextShape;
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
      y: { distr: picture.isLog ? isPositive(picture) ? 3 : 4 : 1, range: (_, low, high) => amounts ? [0, 1.06 * (high || 1)] : yRange(picture, low, high) },
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
  onTheme(() => picture && build(), signal);
  signal?.addEventListener('abort', () => { fit.disconnect(); plot?.destroy(); });
  return { draw };
}

const axis = more => ({ font, stroke: () => color('quiet'), grid: { stroke: () => color('grid'), width: 1 }, ticks: { show: false }, gap: 8, ...more });

const marksAlong = ({ isTime, axis: along }) => isTime ? { values: (_, moments) => timeMarks(moments), space: 70 } : along?.isDate
  ? { splits: (plot, _, low, high) => datesBetween(low, high, plot.width / dateWidth), values: (_, days) => dateMarks(days) }
  : { values: (_, ticks) => ticks.map(mark) };

const line = series => ({
  label: series.label,
  stroke: series.fillTo === undefined && series.width !== 0 ? () => ink(series) : null,
  width: series.width ?? 1.5,
  dash: series.dash,
  spanGaps: true,
  points: { show: !!series.hasPoints, size: 5, width: 0, fill: () => ink(series) },
});

const ink = ({ token, opacity }) => color(token, opacity);

const isPositive = ({ series }) => series.every(({ values }) => values.every(value => value === null || value > 0));

/** The stretch of the values in sight; a linear chart that `cutsTop` has a few high ones, as of the first steps, beyond its edge. */
function yRange({ isLog, cutsTop, series, x, range }, low, high) {
  if (low === null) return [0, 1];
  if (isLog && isPositive({ series })) return [low / 1.05, high * 1.05];
  const inSight = range ? (_, i) => x[i] >= range[0] && x[i] <= range[1] : () => true;
  const curves = series.filter(({ width, fillTo }) => range || (width !== 0 && fillTo === undefined));
  const [least, most] = isLog || !cutsTop ? [low, high] : stretch(curves.flatMap(({ values }) => values.filter(inSight))) ?? [low, high];
  const air = 0.06 * (most - least || Math.abs(most) || 1);
  return [least - air, most + air];
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
