// Clients of @krmx/client with the game's shared state in the models of @krmx/state; README.md describes it.
// usage: node state-client.mjs
import { WebSocket } from 'ws';
import { createClient } from '@krmx/client';
import { print, run, textOf } from '../peers/driver.mjs';
import { board, domains, table } from './game.mjs';
import { sortMessages } from './guards.mjs';

// The package expects a browser's WebSocket, which Node.js has only from version 22 on.
globalThis.WebSocket = WebSocket;

const create = name => {
  const krmx = createClient({ logger: false });
  const projection = table.spawnClient();
  const stream = board.spawn({ optimisticSeconds: 10 });
  const client = { krmx, projection, stream, atoms: {}, hasView: false, board: board.initialState, optimisticBoard: board.initialState };
  stream.onChange(state => {
    client.board = state;
  });
  stream.onOptimisticChange(state => {
    client.optimisticBoard = state;
  });

  const messages = sortMessages({
    'atom/set': ({ key, atom }) => {
      client.atoms[key] = atom;
    },
    'stream/append': ({ domain, dispatcher, event }) => {
      if (domain !== domains.board || stream.dispatch(dispatcher, event) !== true) {
        throw new Error(`the stream did not take ${JSON.stringify(event)}`);
      }
    },
    'projection/set': payload => {
      projection.set(payload.projection);
      client.hasView = true;
    },
    'projection/delta': ({ delta, optimisticId }) => projection.apply(delta, optimisticId),
    'projection/invalidate': ({ optimisticId }) => projection.releaseOptimistic(optimisticId),
  });
  client.counts = messages.counts;

  // The package keeps what a listener throws to itself, and a test would not notice.
  krmx.on('message', message => {
    try {
      messages.handle(message);
    } catch (error) {
      print({ client: name, event: 'failed', error: `${textOf(error)}: ${JSON.stringify(message)}` });
    }
  });
  // The server sends everything anew.
  krmx.on('accept', () => {
    client.atoms = {};
    client.hasView = false;
    stream.reset();
  });
  krmx.on('close', () => print({ client: name, event: 'close' }));
  return client;
};

const clients = new Map();
const clientOf = name => {
  if (!clients.has(name)) {
    clients.set(name, create(name));
  }
  return clients.get(name);
};

run({
  connect: ({ client, url }) => clientOf(client).krmx.connect(url),
  link: ({ client }) => clientOf(client).krmx.link(client),
  send: ({ client, message }) => clientOf(client).krmx.send(message),
  act: ({ client, action }) => {
    const { krmx, projection } = clientOf(client);
    const { success, optimisticId } = projection.optimistic(client, action);
    if (success) {
      krmx.send({ type: 'projection/action', payload: { domain: domains.table, action, optimisticId } });
    }
    return { success, view: projection.projection() };
  },
  append: ({ client, event }) => {
    const { krmx, stream } = clientOf(client);
    const success = stream.dispatch(client, event, true) === true;
    if (success) {
      krmx.send({ type: 'stream/append', payload: { domain: domains.board, dispatcher: client, event } });
    }
    return { success, board: clientOf(client).optimisticBoard };
  },
  set: ({ client, key, atom }) => {
    clientOf(client).atoms[key] = atom;
    clientOf(client).krmx.send({ type: 'atom/set', payload: { key, atom } });
  },
  state: ({ client }) => {
    const { hasView, projection, board, optimisticBoard, atoms } = clientOf(client);
    return { view: hasView ? projection.projection() : null, board, optimisticBoard, atoms };
  },
  counts: ({ client }) => ({ counts: clientOf(client).counts }),
});
