// A chart without a pointer: arrows move its cursor from point to point, with Shift by a tenth of what is in sight; + and - look closer and from farther.
const jump = 0.1;

/** Listens on an element; `chart()` is the plot in it, null before there is one. */
export function steer(root, chart, onZoom) {
  let at = null; // the index of the point

  root.addEventListener('keydown', event => {
    const plot = chart();
    if (!plot?.data[0].length || event.ctrlKey || event.metaKey || event.altKey) return;
    const [first, last] = plot.series[0].idxs;
    const far = event.shiftKey ? Math.max(1, Math.round(jump * (last - first))) : 1;
    const to = { ArrowLeft: at === null ? last : at - far, ArrowRight: at === null ? last : at + far, Home: first, End: last }[event.key];
    const factor = { '+': 0.5, '=': 0.5, '-': 2 }[event.key];
    if (to !== undefined) {
      at = Math.min(last, Math.max(first, to));
      plot.setCursor({ left: plot.valToPos(plot.data[0][at], 'x'), top: 0 }, true, true);
    } else if (factor && onZoom) {
      zoom(plot, at ?? Math.round((first + last) / 2), factor, onZoom);
    } else {
      return;
    }

    event.preventDefault();
  });
  root.addEventListener('blur', () => {
    at = null;
    chart()?.setCursor({ left: -10, top: -10 }, true, true);
  });
}

/** Looks at a stretch around a point that is shorter or longer by a factor; at all of it where there is no more. */
function zoom({ scales: { x: { min, max } }, data: [places] }, at, factor, onZoom) {
  const [length, begin, end] = [factor * (max - min), places[0], places.at(-1)];
  if (length >= end - begin) return onZoom(null, null);
  const from = Math.min(end - length, Math.max(begin, places[at] - length / 2));
  return onZoom(from, from + length);
}
