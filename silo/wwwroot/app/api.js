// Asks the silo. A fault is an error whose message is the sentence that the API gave; where a key is wanted, the person is asked for it.
import { askForKey, key, forget } from './credentials.js';

/** A fault that the API named. */
export class Fault extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** A response, once it is a good one. */
export async function ask(path, options = {}) {
  const used = key();
  const response = await reach(path, withKey(options, used));
  if (response.ok) return response;
  if (response.status !== 401) throw await faultOf(response);
  const fault = await faultOf(response);
  forget(used);
  if (await askForKey(fault.message)) return ask(path, options);
  throw fault;
}

export const get = async (path, signal) => (await ask(path, { signal })).json();

export const send = async (method, path, body, signal) => {
  const response = await ask(path, { method, signal, ...body !== undefined && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } });
  return response.status === 204 ? null : response.json();
};

/** Bytes in, bytes out. */
export const exchange = async (path, numbers, signal) =>
  (await ask(path, { method: 'POST', body: numbers, headers: { 'Content-Type': 'application/octet-stream' }, signal })).arrayBuffer();

/** A path with names and a query in it, written as an address needs them. */
export function path(strings, ...names) {
  return strings.reduce((whole, part, i) => whole + (names[i - 1] instanceof URLSearchParams ? queryOf(names[i - 1]) : encodeURIComponent(names[i - 1])) + part);
}

/** The part of a path behind `?`; what has no value is left out. */
export const query = values => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''));

const queryOf = words => words.size > 0 ? `?${words}` : '';

const withKey = (options, used) => used ? { ...options, headers: { ...options.headers, Authorization: `Bearer ${used}` } } : options;

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Fault(0, 'The silo does not answer; it may be restarting, or the connection is gone.');
  }
}

async function faultOf(response) {
  const text = await response.text();
  return new Fault(response.status, sentenceOf(text) ?? `The silo answered ${response.status} ${response.statusText} without a word.`);
}

function sentenceOf(text) {
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.error ?? problem.title;
  } catch {
    return undefined; // not JSON: something between the silo and this page answered
  }
}
