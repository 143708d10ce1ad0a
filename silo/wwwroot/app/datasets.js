// Which of the imported data sets a plan names.
import { get } from './api.js';
import { leaf } from './format.js';

/** The data set that a plan's run imported, as far as can be told: one of the same selection, else of the same file and columns, by what the model has where that is known; undefined where there is none. */
export async function datasetOf(data, signal, columns = data.columns) {
  const { datasets } = await get('api/v1/datasets', signal);
  const whole = datasets.filter(({ damage }) => !damage);
  const wanted = selectionText(data);
  return whole.find(({ selection }) => selection && selectionText(selection) === wanted) ?? whole.find(dataset => fits(dataset, data, columns));
}

const selectionText = ({ path, columns, context, missing, where, kinds, groupBy, validation, weights }) =>
  JSON.stringify([leaf(path), columns, context, missing, where ?? null, kinds ?? {}, groupBy ?? null, validation ? leaf(validation) : null, weights ?? null]);

function fits({ source, columns: found, selection }, { path, where }, columns) {
  if (source !== leaf(path) || (selection?.where ?? null) !== (where ?? null)) return false;
  return !columns?.length || columns.join() === found.map(({ name }) => name).join();
}
