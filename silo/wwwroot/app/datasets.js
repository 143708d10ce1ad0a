// Which of the imported data sets a plan names.
import { get } from './api.js';
import { leaf } from './format.js';

/** The newest data set that was read from a plan's file with its columns; undefined where there is none. */
export async function datasetOf({ path, columns }, signal) {
  const { datasets } = await get('api/v1/datasets', signal);
  const source = leaf(path);
  const fits = ({ columns: found }) => !columns?.length || columns.join() === found.map(({ name }) => name).join();
  return datasets.find(dataset => !dataset.damage && dataset.source === source && fits(dataset));
}
