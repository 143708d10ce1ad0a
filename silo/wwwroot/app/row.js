// A row as an address has it: its numbers, those that the model is conditioned on last.
import { extentOf } from './axes.js';
import { middle } from './density.js';

const digits = 6; // that are told of a number
const dateDigits = 10; // of days since 1970: to the second

/** The names of its numbers. */
export const namesOf = ({ columns, context }) => [...columns, ...context];

/** The row that a text says, what it is conditioned on being in the middle where that is left out; null where it says none. */
export function rowOf(text, model) {
  const values = (text ?? '').split(',').filter(part => part !== '').map(Number);
  if (values.length === namesOf(model).length) return values;
  return values.length === model.columns.length ? [...values, ...middle(model)] : null;
}

/** The text of a row. */
export const rowText = (values, model) => values.map((value, i) => Number(value.toPrecision(extentOf(model, namesOf(model)[i]).isDate ? dateDigits : digits))).join();
