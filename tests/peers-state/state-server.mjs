// An @krmx/server with the game's shared state in the models of @krmx/state; README.md describes it.
// usage: node state-server.mjs [OPTIONS, as JSON]
import { createServer as createHttpServer } from 'node:http';
import { createServer } from '@krmx/server';
import { print, run, textOf } from '../peers/driver.mjs';
import { board, domains, table } from './game.mjs';
import { sortMessages } from './guards.mjs';

const { relays = false } = JSON.parse(process.argv[2] ?? '{}');

const http = createHttpServer();
const server = createServer({ http: { server: http }, logger: false });

const linkedUsers = () => server.getUsers().filter(({ isLinked }) => isLinked).map(({ username }) => username);
const refusals = {};
const refused = reason => {
  refusals[reason] = (refusals[reason] ?? 0) + 1;
};

const atoms = {};

const log = [];
const stream = board.spawn({ optimisticSeconds: 10 });
let boardState = board.initialState;
stream.onChange(state => {
  boardState = state;
});

const projection = table.spawnServer();
let dispatcher;
projection.subscribe((getDeltaFor, optimisticId) => {
  for (const username of linkedUsers()) {
    const own = username === dispatcher && optimisticId !== undefined ? { optimisticId } : {};
    const delta = getDeltaFor(username);
    if (delta) {
      server.send(username, { type: 'projection/delta', payload: { domain: domains.table, delta, ...own } });
    } else if (own.optimisticId !== undefined) {
      invalidate(username, optimisticId);
    }
  }
});

const invalidate = (username, optimisticId) =>
  server.send(username, { type: 'projection/invalidate', payload: { domain: domains.table, optimisticId } });

// A server may send on what it was sent, members that it does not know included, or make a message of its own.
const messages = sortMessages({
  'atom/set': payload => {
    atoms[payload.key] = payload.atom;
    server.broadcast({ type: 'atom/set', payload: relays ? payload : { key: payload.key, atom: payload.atom } });
  },
  'stream/append': (payload, username) => {
    const { domain, event } = payload;
    if (domain !== domains.board || stream.dispatch(username, event) !== true) {
      refused('event');
      return;
    }
    const appended = { type: 'stream/append', payload: { ...(relays ? payload : { domain, event }), dispatcher: username } };
    log.push(appended);
    server.broadcast(appended);
  },
  'projection/action': ({ domain, action, optimisticId }, username) => {
    dispatcher = username;
    const result = domain === domains.table ? projection.dispatch(username, action, optimisticId) : { success: false, error: 'no domain' };
    if (!result.success) {
      refused('action');
      if (optimisticId !== undefined) {
        invalidate(username, optimisticId);
      }
    }
  },
});

server.on('listen', port => print({ event: 'listen', port }));
server.on('link', username => {
  Object.entries(atoms).forEach(([key, atom]) => server.send(username, { type: 'atom/set', payload: { key, atom } }));
  log.forEach(appended => server.send(username, appended));
  server.send(username, { type: 'projection/set', payload: { domain: domains.table, projection: projection.projection(username) } });
});
// The package keeps what a listener throws to itself, and a test would not notice.
server.on('message', (username, message) => {
  try {
    messages.handle(message, username);
  } catch (error) {
    print({ event: 'failed', error: textOf(error) });
  }
});

run({
  state: ({ username }) => ({ view: projection.projection(username), board: boardState, atoms }),
  counts: () => ({ counts: messages.counts, refusals }),
  users: () => ({ linked: linkedUsers() }),
});

http.listen(0, '127.0.0.1', () => server.listen());
