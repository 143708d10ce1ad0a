// What a run was told to do: its plan, and the data that it learns.
import { get, path, query } from '../api.js';
import { card } from '../card.js';
import { facts } from '../facts.js';
import { h, put } from '../dom.js';
import { count } from '../format.js';
import { datasetOf } from '../datasets.js';
import { link } from '../router.js';

export async function open(root, at, signal) {
  const plan = await get(path`api/v1/runs/${at.path[1]}/plan${query({ version: at.query.get('version') })}`, signal);
  const { data, settings } = plan;
  put(root, h('div', { class: 'columns two' },
    card('Plan', {}, facts([
      ['preset', plan.model], ['begun with', plan.from], ['mode', plan.mode], ['inner steps', plan.mode !== 'sync' ? plan.innerSteps : null], ['steps', number(plan.steps)], ['passes', plan.epochs], ['minutes', plan.minutes],
      ['rows a shard and step', number(plan.batchRows)], ['shards', plan.shards], ['ranges', plan.ranges], ['learning rate', plan.learningRate], ['seed', plan.seed], ['patience', plan.patience],
      ['validation', plan.validationFraction], ['test', plan.testFraction], ['priority', plan.priority], ['parameters', number(plan.parameters)]])),
    card('Settings', {}, Object.keys(settings ?? {}).length > 0 ? facts(Object.entries(settings)) : h('p', { class: 'empty' }, 'Those of the preset.'))),
  card('Data', {}, facts([
    ['file', data.path], ['data set', await dataset(data, signal)], ['rows', number(plan.rows)], ['columns', names(data.columns) ?? 'all'], ['given', names(data.context)], ['kinds', names(Object.entries(data.kinds ?? {}).map(([name, kind]) => `${name} ${kind}`))],
    ['where', data.where], ['missing values', data.missing], ['grouped by', data.groupBy], ['weighed by', data.weights], ['validation file', data.validation]])));
}

async function dataset(data, signal) {
  const found = await datasetOf(data, signal);
  return found && h('a', { href: link(['data', found.id]) }, `${found.source} (${found.id.slice(0, 12)})`);
}

const number = value => value > 0 ? count(value) : null;

const names = list => list?.length > 0 ? list.join(', ') : null;
