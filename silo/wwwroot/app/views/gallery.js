// What the cluster has learned: a stamp of each model, the newest first.
import { get } from '../api.js';
import { card } from '../card.js';
import { h, show } from '../dom.js';
import { failure } from '../notice.js';
import { link } from '../router.js';
import { followRuns, idOf } from '../runs.js';
import { thumbnail } from '../thumbnail.js';

const most = 12;

/** A panel of them, drawn again when there is another. */
export function gallery(signal) {
  const place = h('div', { class: 'gallery' });
  const element = card('Models', { note: 'the density that each has learned' }, place);
  let shown = null;
  followRuns(async runs => {
    const now = runs.filter(({ isPublished }) => isPublished).map(idOf).join();
    if (shown === now) return;
    shown = now;
    try {
      const { models } = await get('api/v1/models', signal);
      const newest = [...new Map(models.filter(({ damage }) => !damage).map(model => [model.name, model])).values()].slice(0, most);
      show(place, ...newest.map(stamp));
      if (newest.length === 0) show(place, h('p', { class: 'empty' }, 'None yet; a run that finishes makes one.'));
    } catch (error) {
      if (!signal.aborted) show(place, failure(error));
    }
  }, signal);
  return element;
}

const stamp = model => h('a', { href: link(['models', model.name]) }, thumbnail(model), h('span', {}, model.name));
