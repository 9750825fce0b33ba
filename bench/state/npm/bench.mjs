// Runs one scenario with @krmx/state and prints what it measured as one line of JSON.
// usage: node bench.mjs SCENARIO USERS SECONDS
import { createHash } from 'node:crypto';
import state from '@krmx/state';
import { scenarios } from './scenarios.mjs';
import { domain, frame, userName } from './work.mjs';

const [scenario, userCount, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const verifiedDispatches = 16;

const model = scenarios[scenario]();
const server = model.spawnServer();
const users = Array.from({ length: userCount }, (_, index) => userName(index));
let frames = 0;
let bytes = 0;
let recipient;
let dispatcher;

// All that is sent here is ASCII, so a character is a byte.
const send = (user, message) => {
  const text = JSON.stringify(message);
  frames += 1;
  bytes += text.length;
  recipient?.(user, text);
};

// What a server has to do around the model, and nothing more.
server.subscribe((getDeltaFor, optimisticId) => {
  for (const user of users) {
    const delta = getDeltaFor(user);
    const own = user === dispatcher ? { optimisticId } : undefined;
    if (delta) {
      send(user, { type: 'projection/delta', payload: { domain, delta, ...own } });
    } else if (own) {
      send(user, { type: 'projection/invalidate', payload: { domain, ...own } });
    }
  }
});

const receive = (user, text) => {
  const message = JSON.parse(text);
  if (!state.isProjectionActionMessage(message) || message.payload.domain !== domain) {
    throw new Error('the benchmark is wrong: no action');
  }
  dispatcher = user;
  const result = server.dispatch(user, message.payload.action, message.payload.optimisticId);
  if (!result.success) {
    throw new Error(`the benchmark is wrong: ${result.error}`);
  }
};

let dispatches = 0;
const dispatch = () => {
  const number = dispatches++;
  receive(users[number % userCount], frame(number));
};

const canonical = value => {
  if (Array.isArray(value)) {
    return `[${value.map(item => canonical(item) + ';').join('')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.keys(value).sort().map(name => `${name}:${canonical(value[name])};`).join('')}}`;
  }
  return JSON.stringify(value);
};

const verify = () => {
  const clients = new Map(users.map(user => [user, model.spawnClient()]));
  clients.forEach((client, user) => client.set(JSON.parse(JSON.stringify(server.projection(user)))));
  recipient = (user, text) => {
    const { type, payload } = JSON.parse(text);
    if (type === 'projection/delta') {
      clients.get(user).apply(payload.delta, payload.optimisticId);
    }
  };
  for (let i = 0; i < verifiedDispatches; i++) {
    dispatch();
  }
  recipient = undefined;
  const text = users.map(user => canonical(clients.get(user).projection())).join('');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
};

const repeat = duration => {
  const began = performance.now();
  let count = 0;
  let time;
  do {
    dispatch();
    count++;
    time = (performance.now() - began) / 1000;
  } while (time < duration);
  return { count, time };
};

const digest = verify();
repeat(seconds / 2); // to warm up
[frames, bytes] = [0, 0];
const { count, time } = repeat(seconds);
console.log(JSON.stringify({
  digest, dispatchesPerSecond: count / time, framesPerDispatch: frames / count, bytesPerDispatch: bytes / count,
}));
