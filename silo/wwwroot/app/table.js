// Tables whose rows stay where they are while their figures change, so that they can be read, selected and clicked meanwhile.
import { h, show } from './dom.js';
import { whenNear } from './visible.js';

const page = 60; // rows that are there at once; more come when the end is near
const kept = 500; // rows that are kept while they are not among those to be shown

/**
 * A table. A column is `{ name, title, of, show, numeric }`: `of` gives what a cell is compared and sorted by, `show` what it shows (without, the same); one without a title is `spoken` of to who hears the page.
 * @param options `key` of a row; `sort` is `{ by, descending }` and `onSort` hears of another; `label` names the table; `empty` is what stands there without rows.
 */
export function table(columns, { key, label, empty, sort: wanted, onSort, mark } = {}) {
  let [rows, sort, length] = [[], wanted ?? null, page];
  const known = new Map(); // rows that were shown once, which come back as they were when a search has ended
  const body = h('tbody');
  const headings = columns.map(column => heading(column, () => {
    sort = { by: column.name, descending: sort?.by === column.name ? !sort.descending : !!column.numeric };
    onSort?.(sort);
    update(rows);
  }));
  const element = h('table', { 'aria-label': label }, h('thead', {}, h('tr', {}, headings.map(({ cell }) => cell))), body);
  const [nothing, end] = [h('p', { class: 'empty' }, empty ?? 'Nothing yet.'), h('div')];
  const whole = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, element, nothing, end);
  const lookOut = whenNear(end, () => {
    if (length < rows.length) update(rows, length + page);
  });

  /** Shows rows, as many at once as before where no other number is given. */
  function update(next, atOnce = length) {
    [rows, length] = [next, atOnce];
    const shown = sorted(rows, columns.find(({ name }) => name === sort?.by), sort?.descending);
    const elements = shown.slice(0, length).map(row => {
      const id = key ? key(row) : row;
      if (!known.has(id)) known.set(id, line(columns));
      const found = known.get(id);
      found.update(row);
      mark?.(found.element, row);
      return found.element;
    });
    arrange(body, elements);
    if (known.size > rows.length + kept) forget(known, rows.map(row => key ? key(row) : row));
    headings.forEach(({ cell }, i) => cell.setAttribute('aria-sort', columns[i].name === sort?.by ? sort.descending ? 'descending' : 'ascending' : 'none'));
    element.hidden = rows.length === 0;
    nothing.hidden = rows.length > 0;
    if (length < rows.length) lookOut();
  }

  element.hidden = nothing.hidden = true; // until it is known which rows there are
  return { element: whole, update, restart: next => update(next, page) };
}

function heading(column, onclick) {
  const content = column.of && column.title ? h('button', { type: 'button', onclick, title: column.hint }, column.title) : column.title ?? h('span', { class: 'spoken' }, column.spoken);
  return { cell: h('th', { scope: 'col', class: column.numeric && 'number' }, content) };
}

/** A row: its cells are shown again only when what they are compared by has changed. */
function line(columns) {
  const seen = columns.map(() => unseen);
  const cells = columns.map(column => h('td', { class: [column.numeric && 'number', column.class].filter(Boolean).join(' ') || null }));
  return {
    element: h('tr', {}, cells),
    update: row => columns.forEach((column, i) => {
      const value = column.of ? column.of(row) : row;
      if (Object.is(seen[i], value)) return;
      seen[i] = value;
      show(cells[i], column.show ? column.show(row) : value ?? '');
    }),
  };
}

const unseen = Symbol('unseen');

function sorted(rows, column, descending) {
  if (!column?.of) return rows;
  const compare = (a, b) => typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : a - b;
  const value = row => column.of(row);
  const isMissing = found => found === null || found === undefined || Number.isNaN(found);
  return [...rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (isMissing(a) || isMissing(b)) return isMissing(a) - isMissing(b); // last, whichever way
    return descending ? compare(b, a) : compare(a, b);
  });
}

/** Drops the rows that are not among those to be shown. */
function forget(known, ids) {
  const wanted = new Set(ids);
  for (const id of known.keys()) if (!wanted.has(id)) known.delete(id);
}

/** Puts elements into an order, moving as few as that needs. */
function arrange(parent, elements) {
  elements.forEach((element, i) => {
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] ?? null);
  });
  while (parent.children.length > elements.length) parent.lastChild.remove();
}
