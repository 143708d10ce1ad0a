// The runs that are under way, a line each.
import { failure } from '../notice.js';
import { isAtRest } from '../phase.js';
import { runColumns } from '../run-columns.js';
import { followRuns, idOf } from '../runs.js';
import { table } from '../table.js';

const shown = ['run', 'phase', 'loss', 'train', 'validation', 'rows', 'progress', 'eta', 'workers'];

/** A table of them; `onChange` hears which there are. */
export function activeRuns(onChange, signal) {
  const list = table(runColumns(signal).filter(({ name }) => shown.includes(name)), { key: idOf, label: 'Runs under way', empty: 'No run is under way. Start one with flowgrain train --cluster.' });
  followRuns(runs => {
    const active = runs.filter(({ phase }) => !isAtRest(phase));
    list.update(active);
    onChange(active);
  }, signal, error => list.element.replaceChildren(failure(error)));
  return list;
}
