// Runs clients of @krmx/client and drives them by lines on standard input; README.md describes them.
// usage: node client.mjs
import { WebSocket } from 'ws';
import { createClient } from '@krmx/client';
import { print, run } from './driver.mjs';

// The package expects a browser's WebSocket, which Node.js has only from version 22 on.
// It does not tell the codes of closes.
globalThis.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.on('close', code => print({ event: 'closed', code }));
  }
};

const clients = new Map();

// A client comes into being with the first command that names it.
const clientOf = name => {
  if (typeof name !== 'string') {
    throw new Error('a command names its client');
  }
  if (!clients.has(name)) {
    clients.set(name, listenTo(name, createClient({ logger: false })));
  }
  return clients.get(name);
};

const listenTo = (client, krmx) => {
  for (const event of ['connecting', 'connect', 'closing', 'close', 'linking', 'accept', 'unlinking']) {
    krmx.on(event, () => print({ client, event }));
  }
  for (const event of ['join', 'link', 'unlink', 'leave']) {
    krmx.on(event, username => print({ client, event, username }));
  }
  krmx.on('reject', reason => print({ client, event: 'reject', reason }));
  krmx.on('message', message => print({ client, event: 'message', message }));
  return krmx;
};

run({
  connect: ({ client, url }) => clientOf(client).connect(url),
  link: ({ client, username, auth }) => clientOf(client).link(username, auth),
  unlink: ({ client }) => clientOf(client).unlink(),
  leave: ({ client }) => clientOf(client).leave(),
  disconnect: ({ client, force }) => clientOf(client).disconnect(force),
  send: ({ client, message }) => clientOf(client).send(message),
  users: ({ client }) => ({ users: clientOf(client).getUsers() }),
  status: ({ client }) => ({ status: clientOf(client).getStatus(), username: clientOf(client).getUsername() }),
});
