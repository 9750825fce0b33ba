// Runs clients of this repository's TypeScript client, as servers serve it, and drives them by lines on standard input; README.md describes them.
// usage: node typescript.mjs
import { webcrypto } from 'node:crypto';
import { WebSocket } from 'ws';
import { print, run, textOf } from './driver.mjs';
import { ledger } from './ledger.mjs';
import { talk as talkBy } from './talk.mjs';

// Node.js has it by itself from version 20 on.
globalThis.crypto ??= webcrypto;
const { createClient } = await import('../../src/Krmx.AspNetCore/wwwroot/krmx.js');

/** Tells the room numbers and hears it tell them back, over connections that are cut. */
const talk = command => talkBy(createClient({
  webSocket: WebSocket,
  reconnect: { minDelay: 1, maxDelay: 20 },
  onWarning: (text, error) => print({ event: 'failed', username: command.username, text, error: error && String(error) }),
}), command);

/** Dispatches actions one after the other, and tells what became of each, and what is shown in the end. */
const dispatch = async ({ url, username, domain, actions }) => {
  const client = createClient({ webSocket: WebSocket, onWarning: text => print({ event: 'failed', username, text }) });
  const projection = client.projection(domain);
  await client.connect(url);
  await client.link(username);
  const outcomes = [];
  for (const action of actions) outcomes.push(await projection.dispatch(action).then(() => 'accepted', error => `${error.code}: ${error.message}`));
  const { view } = projection;
  await client.disconnect(true);
  return { outcomes, view };
};

const clients = new Map();

// What the events of a client carry, beside their names.
const told = {
  join: username => ({ username }),
  link: username => ({ username }),
  unlink: username => ({ username }),
  leave: username => ({ username }),
  reject: reason => ({ reason }),
  meta: (username, meta) => ({ username, meta }),
  count: count => ({ count }),
  message: message => ({ message }),
  gap: ({ unconfirmed }) => ({ unconfirmed }),
};

const clientOf = ({ client: name }) => {
  if (!clients.has(name)) {
    const client = createClient({
      webSocket: WebSocket,
      reconnect: { minDelay: 1, maxDelay: 20 },
      onWarning: (text, error) => print({ client: name, event: 'warning', text: `${text}${error === undefined ? '' : `: ${textOf(error)}`}` }),
    });
    client.all((event, ...args) => {
      if (!['status', 'connecting', 'reconnecting', 'closing', 'linking', 'unlinking'].includes(event)) print({ client: name, event, ...told[event]?.(...args) });
    });
    clients.set(name, client);
  }
  return clients.get(name);
};

// Tells why a call failed, as a test has to know it.
const outcome = async call => {
  try {
    return { value: await call };
  } catch (error) {
    return { code: error.code, reason: error.message };
  }
};

run({
  ...ledger(options => createClient({ webSocket: WebSocket, ...options })),
  talk,
  dispatch,
  connect: command => outcome(clientOf(command).connect(command.url)),
  link: command => outcome(clientOf(command).link(command.username, command.auth)),
  unlink: command => outcome(clientOf(command).unlink()),
  leave: command => outcome(clientOf(command).leave()),
  disconnect: command => outcome(clientOf(command).disconnect(true)),
  send: command => outcome((async () => clientOf(command).send(command.message))()),
  sendVolatile: command => outcome((async () => clientOf(command).sendVolatile(command.message))()),
  request: command => outcome(clientOf(command).request(command.type, command.payload, command.timeout)),
  status: command => ({ status: clientOf(command).getStatus(), username: clientOf(command).getUsername(), users: clientOf(command).getUsers() }),
});
