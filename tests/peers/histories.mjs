// Has clients of this repository's TypeScript client live through histories, on virtual time; README.md describes the lines.
import { createInterface } from 'node:readline';

const timers = new Map();
let now = 0, lastTimer = 0;
globalThis.setTimeout = (action, delay) => {
  timers.set(++lastTimer, { due: now + delay, action });
  return lastTimer;
};
globalThis.clearTimeout = id => timers.delete(id);
Date.now = () => now;
// The client takes its key from here, and the waits between attempts: the history says when there is a connection.
Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues: bytes => bytes.fill(0) } });
Math.random = () => 1;
const never = 1e12;

const { createClient } = await import('../../src/Krmx.AspNetCore/wwwroot/krmx.js');

// What promises do next is done when this is.
const settle = async () => {
  for (let turn = 0; turn < 4; turn++) await undefined;
};

const pass = async time => {
  const end = now + time;
  for (;;) {
    let next;
    for (const timer of timers) if (timer[1].due <= end && !(next?.[1].due <= timer[1].due)) next = timer;
    if (!next) break;
    timers.delete(next[0]);
    now = next[1].due;
    next[1].action();
    await settle();
  }
  now = end;
};

class ScriptedSocket {
  static last;
  bufferedAmount = 0;
  sent = [];
  listeners = {};

  constructor() {
    ScriptedSocket.last = this;
  }

  addEventListener(type, listener) {
    this.listeners[type] = listener;
  }

  send(text) {
    const frame = JSON.parse(text);
    // Resume implies presence, and the .NET client says so.
    if (frame.payload?.extensions?.includes('resume')) frame.payload.extensions.unshift('presence');
    this.sent.push(frame);
  }

  close() {}
}

const modulus = 1009;

const optimistic = {
  rename: (notes, title) => ({ ...notes, title }),
  note: (notes, text, user) => ({ ...notes, items: [...notes.items, { id: `${user}${notes.items.length}`, text }] }),
  drop: (notes, index) => {
    if (index >= notes.items.length) throw new RangeError('there is no such note');
    return { ...notes, items: notes.items.filter((_, at) => at !== index) };
  },
  add: (notes, number) => ({ ...notes, total: (notes.total + number) % modulus }),
  double: notes => ({ ...notes, total: (notes.total * 2) % modulus }),
};

const ledger = {
  initial: { lines: [], sum: 0 },
  events: {
    say: (state, text, user) => ({ ...state, lines: [...state.lines, `${user}: ${text}`] }),
    add: (state, number) => ({ ...state, sum: (state.sum + number) % modulus }),
    double: state => ({ ...state, sum: (state.sum * 2) % modulus }),
    fail: () => {
      throw new Error('planted');
    },
  },
};

const live = async ([{ lifetime, resumes }, ...steps]) => {
  timers.clear();
  let ended = [], dispatches = 0;
  const client = createClient({
    webSocket: ScriptedSocket,
    reconnect: { resumes, minDelay: never, maxDelay: never, relinkTimeout: never },
    timeouts: { request: never },
    onWarning: text => text.includes('does not fit') && ended.push(`this is not legal: ${text}`),
  });
  const notes = client.projection('notes', { optimistic, lifetime });
  const lines = client.stream('ledger', { ...ledger, lifetime });
  const dispatch = (state, type, payload) => {
    const number = ++dispatches;
    state.dispatch(payload === undefined ? { type } : { type, payload }).then(
      () => ended.push([number, 'accepted']),
      error => ended.push([number, error.code === 'refused' ? error.message : error.code]));
  };
  const emit = (type, event) => ScriptedSocket.last.listeners[type](event);
  const does = {
    open: () => {
      if (client.getStatus() === 'reconnecting') client.retryNow();
      else void client.connect('ws://scripted');
      emit('open', {});
    },
    link: username => client.link(username).catch(() => undefined),
    unlink: () => client.unlink().catch(() => undefined),
    leave: () => client.leave().catch(() => undefined),
    disconnect: () => {
      void client.disconnect(true);
      emit('close', { code: 1000, reason: '' });
    },
    frame: data => emit('message', { data }),
    lose: () => emit('close', { code: 1006, reason: '' }),
    act: (type, payload) => dispatch(notes, type, payload),
    append: (type, payload) => dispatch(lines, type, payload),
  };

  // What is as it was before is left out.
  const last = [];
  const news = (place, ...value) => {
    const text = JSON.stringify(value);
    if (text === last[place]) return null;
    last[place] = text;
    return value;
  };

  const seen = [];
  for (const [what, ...given] of steps) {
    if (what === 'pass') await pass(...given);
    else void does[what](...given);
    await settle();
    const sent = ScriptedSocket.last?.sent.splice(0) ?? [];
    seen.push([
      client.getUsername() ?? null,
      news(0, notes.confirmed ?? null, notes.view ?? null, notes.pendingCount, notes.isLive),
      news(1, lines.confirmed, lines.state, lines.pendingCount, lines.isLive),
      ended,
      sent,
    ]);
    ended = [];
  }
  return seen;
};

for await (const line of createInterface({ input: process.stdin })) {
  const answers = [];
  for (const history of JSON.parse(line)) answers.push(await live(history));
  process.stdout.write(JSON.stringify(answers) + '\n');
}
