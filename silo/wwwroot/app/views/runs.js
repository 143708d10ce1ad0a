// All runs: a line each, found by typing, and several of them on one chart.
import { card } from '../card.js';
import { h, put } from '../dom.js';
import { bind } from '../keys.js';
import { look, route } from '../router.js';
import { runColumns } from '../run-columns.js';
import { followRuns, idOf } from '../runs.js';
import { table } from '../table.js';
import { comparison } from './comparison.js';

export function open(root, at, signal) {
  let [runs, query, searched] = [[], at.query, null];
  const search = h('input', { type: 'search', id: 'search', placeholder: 'name, phase, preset…', 'aria-label': 'Search runs', oninput: () => look({ q: search.value }, { replace: true }) });
  const found = h('span', { class: 'quiet' });
  const list = table([select, ...runColumns(signal)], {
    key: idOf, label: 'Runs', empty: 'No run is called that.', sort: sortOf(query), mark: (row, run) => row.classList.toggle('selected', run.isSelected),
    onSort: ({ by, descending }) => look({ sort: by, down: descending ? 1 : null }, { replace: true }),
  });
  const compare = comparison(signal);
  put(root, h('div', { class: 'title' }, h('h1', {}, 'Runs'), found, h('div', { class: 'controls end' }, search, h('kbd', {}, '/'))), compare.element, card('All runs', { class: 'flush' }, list.element));

  function update() {
    const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const shown = runs.filter(run => words.every(word => `${idOf(run)} ${run.phase} ${run.preset ?? ''}`.toLowerCase().includes(word)));
    const ids = selected(query);
    const chosen = new Set(ids);
    found.textContent = words.length > 0 ? `${shown.length} of ${runs.length}` : runs.length;
    list[words.join() === searched ? 'update' : 'restart'](shown.map(run => ({ ...run, isSelected: chosen.has(idOf(run)) })));
    searched = words.join();
    compare.update(ids, query);
  }

  function changed({ query: next }) {
    query = next;
    if (document.activeElement !== search) search.value = query.get('q') ?? '';
    update();
  }

  bind('x', 'clear what is selected', () => look({ sel: null }), signal);
  addEventListener('keydown', event => { if (event.key === 'Escape' && !document.querySelector('dialog[open]') && event.target !== search) look({ sel: null }); }, { signal });
  followRuns(next => {
    runs = next;
    update();
  }, signal);
  changed({ query });
  return changed;
}

const select = {
  name: 'select', spoken: 'compare', class: 'select', of: ({ isSelected }) => isSelected,
  show: run => {
    const box = h('input', { type: 'checkbox', 'aria-label': `Compare ${idOf(run)}`, onchange: () => choose(idOf(run), box.checked) });
    box.checked = run.isSelected;
    return box;
  },
};

const selected = query => (query.get('sel') ?? '').split(',').filter(Boolean);

function choose(id, isWanted) {
  const others = selected(route().query).filter(other => other !== id);
  look({ sel: (isWanted ? [...others, id] : others).join(',') });
}

const sortOf = query => query.has('sort') ? { by: query.get('sort'), descending: query.get('down') === '1' } : null;
