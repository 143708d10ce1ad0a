// One stream of events keeps the whole page up to date; it is read with fetch, so that a key can be sent, and begun again when it breaks off.
import { ask } from './api.js';
import { events } from './events.js';

const pauses = [1, 2, 3, 5, 8, 13]; // seconds before each further try
const patience = 30_000; // ms without a word, after which the connection is taken for dead

const latest = new Map();
const followers = new Map();
const status = { state: 'connecting', heard: null, wait: 0, reason: null, wantsKey: false };

/** Tells of an event of a kind, at once where there was one already, until the signal. `status` is one of them. */
export function on(kind, listener, signal) {
  if (!followers.has(kind)) followers.set(kind, new Set());
  followers.get(kind).add(listener);
  signal?.addEventListener('abort', () => followers.get(kind).delete(listener));
  if (latest.has(kind)) listener(latest.get(kind));
}

/** What was last heard of a kind. */
export const last = kind => latest.get(kind);

/** Listens for ever. */
export async function listen() {
  for (let tries = 0; ; tries++) {
    try {
      await read(() => { tries = 0; });
    } catch (error) {
      say({ reason: error.message, wantsKey: error.status === 401 });
    }
    await rest(pauses[Math.min(tries, pauses.length - 1)]);
  }
}

async function read(heard) {
  say({ state: status.heard ? 'reconnecting' : 'connecting', wait: 0 });
  const giveUp = new AbortController();
  const response = await ask('api/v1/live', { headers: { Accept: 'text/event-stream' }, signal: giveUp.signal });
  let silence = setTimeout(() => giveUp.abort(), patience);
  try {
    for await (const { event, data } of events(response.body)) {
      clearTimeout(silence);
      silence = setTimeout(() => giveUp.abort(), patience);
      heard();
      say({ state: 'live', heard: new Date(), wantsKey: false });
      if (event !== 'alive') tell(event, JSON.parse(data));
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Counts down, or goes on at once when the person comes back to the page. */
async function rest(seconds) {
  for (let left = seconds; left > 0; left--) {
    say({ state: 'waiting', wait: left });
    await new Promise(over => setTimeout(over, 1000));
  }
}

function say(changes) {
  Object.assign(status, changes);
  tell('status', { ...status });
}

function tell(kind, value) {
  latest.set(kind, value);
  for (const follower of [...followers.get(kind) ?? []]) follower(value);
}
