// One stream of events keeps the whole page up to date; it is read with fetch, so that a key can be sent, and begun again when it breaks off.
import { ask } from './api.js';
import { events } from './events.js';

const pauses = [1, 2, 3, 5, 8, 13]; // seconds before each further try
const quiet = 15_000; // ms without a word, after which what is shown may be old: a silo says at least every ten seconds that it is there
const patience = 30_000; // ms, after which the connection is taken for dead

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
  const silence = watch();
  try {
    const response = await ask('api/v1/live', { headers: { Accept: 'text/event-stream' }, signal: silence.signal }); // which is there with the first event
    for await (const { event, data } of events(response.body)) {
      silence.end();
      heard();
      say({ state: 'live', heard: new Date(), wantsKey: false });
      if (event !== 'alive') tell(event, JSON.parse(data));
    }
  } finally {
    silence.stop();
  }
}

/** Waits for a word: says when none has come for a while, and gives up in the end. */
function watch() {
  const giveUp = new AbortController();
  let timers = [];
  const stop = () => timers.forEach(clearTimeout);
  const begin = () => {
    timers = [setTimeout(() => status.state === 'live' && say({ state: 'silent' }), quiet), setTimeout(() => giveUp.abort(new Error(`Nothing was heard for ${patience / 1000} s.`)), patience)];
  };
  begin();
  return { signal: giveUp.signal, stop, end: () => { stop(); begin(); } };
}

/** Counts down, or goes on at once when the person comes back to the page, or the network does. */
async function rest(seconds) {
  const over = new AbortController();
  const back = new Promise(come => {
    document.addEventListener('visibilitychange', () => !document.hidden && come('back'), { signal: over.signal });
    addEventListener('online', () => come('back'), { signal: over.signal });
  });
  for (let left = seconds; left > 0; left--) {
    say({ state: 'waiting', wait: left });
    if (await Promise.race([back, new Promise(second => setTimeout(second, 1000))]) === 'back') break;
  }
  over.abort();
}

function say(changes) {
  Object.assign(status, changes);
  tell('status', { ...status });
}

function tell(kind, value) {
  latest.set(kind, value);
  for (const follower of [...followers.get(kind) ?? []]) follower(value);
}
